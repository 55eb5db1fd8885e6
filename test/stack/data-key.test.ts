import type { Template } from 'aws-cdk-lib/assertions';
import { only, resources, type Statement, sorted, statements, synthesize } from './synthesized.ts';

const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555';

let template: Template;
beforeAll(() => {
  template = synthesize({ dataKeyArn: KEY });
});

test("both tables and the archive are encrypted with the organization's key", () => {
  const tables = resources(template, 'AWS::DynamoDB::Table').map(([, { Properties }]) => Properties.SSESpecification);
  expect(tables).toEqual([
    { KMSMasterKeyId: KEY, SSEEnabled: true, SSEType: 'KMS' },
    { KMSMasterKeyId: KEY, SSEEnabled: true, SSEType: 'KMS' },
  ]);
  const { BucketEncryption } = only(template, 'AWS::S3::Bucket').Properties;
  expect(BucketEncryption.ServerSideEncryptionConfiguration).toEqual([
    { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { KMSMasterKeyID: KEY, SSEAlgorithm: 'aws:kms' } },
  ]);
});

test('each function may use the key only for what it reads and writes, through the service that stores it', () => {
  const using = statements(template).filter(({ actions }) => actions.some((action) => action.startsWith('kms:')));
  const touching = statements(template).filter(({ actions }) =>
    actions.some((action) => action.startsWith('dynamodb:')),
  );
  const owners = (found: typeof using) => sorted([...new Set(found.map(({ owner }) => owner))]);
  expect(owners(using)).toEqual(owners(touching));
  const writers = owners(
    touching.filter(
      ({ effect, actions }) => effect === 'Allow' && actions.some((action) => /:(Put|Update|Delete)Item$/.test(action)),
    ),
  );
  expect(owners(using.filter(({ actions }) => actions.includes('kms:Encrypt')))).toEqual(writers);
  // The archive is in S3, and everything else in DynamoDB, which needs other rights on the key.
  const ofArchive = ({ actions }: Statement) => sorted(actions).join() === 'kms:Decrypt,kms:GenerateDataKey';
  for (const statement of using) {
    const { resources: keys, actions, conditions } = statement;
    const service = ofArchive(statement) ? 's3' : 'dynamodb';
    expect(keys).toEqual([KEY]);
    expect(conditions).toEqual({ StringEquals: { 'kms:ViaService': [`${service}.eu-central-1.amazonaws.com`] } });
    expect(actions.filter((action) => /Grant|Delete|Disable|Put|\*/.test(action))).toEqual([]);
  }
  expect(owners(using.filter(ofArchive))).toEqual(['AuditToArchive', 'ReportOnAccess']);
});

test('without a key in the configuration no right on KMS exists, and no table is replaced', () => {
  const plain = synthesize();
  expect(
    statements(plain)
      .flatMap(({ actions }) => actions)
      .filter((action) => action.startsWith('kms:')),
  ).toEqual([]);
  for (const [, { Properties }] of resources(plain, 'AWS::DynamoDB::Table'))
    expect(Properties.SSESpecification).toEqual({ SSEEnabled: true });
  expect(resources(template, 'AWS::DynamoDB::Table').map(([id]) => id)).toEqual(
    resources(plain, 'AWS::DynamoDB::Table').map(([id]) => id),
  );
});
