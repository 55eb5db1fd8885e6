import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { WAS_THERE } from '../../core/access/lease/grant/check-creation.ts';
import { whyKept } from '../../core/access/lease/made-by-glasshammer.ts';
import { HELD_BY_ANOTHER } from '../../core/access/lease/revoke/end-notes.ts';
import { QUESTIONS } from '../../core/audit/questions/questions.ts';
import { AuditCatalogStack } from '../../lib/audit/audit-catalog-stack.ts';
import { defineConfig } from '../../lib/config/config.ts';
import type { GlasshammerConfig } from '../../lib/config/glasshammer-config.ts';
import { aRequest } from '../core/access/requests.ts';
import {
  BASE,
  flatten,
  only,
  ownersOf,
  type Resource,
  resources,
  sorted,
  statements,
  synthesize,
} from './synthesized.ts';

let template: Template;
beforeAll(() => {
  template = synthesize();
});

describe('the archive', () => {
  const bucket = (configured: Template = template) => only(configured, 'AWS::S3::Bucket');

  test('what is in it cannot be lost with the stack, by a mistake or by overwriting', () => {
    const { Properties, DeletionPolicy, UpdateReplacePolicy } = bucket();
    expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(['Retain', 'Retain']);
    expect(Properties.VersioningConfiguration).toEqual({ Status: 'Enabled' });
    expect(Properties.ObjectLockEnabled).toBe(true);
    expect(Properties.ObjectLockConfiguration).toEqual({
      ObjectLockEnabled: 'Enabled',
      Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 365 } },
    });
  });

  test('the bucket policy stays with the bucket when the stack is deleted', () => {
    const policy = only(template, 'AWS::S3::BucketPolicy');
    expect([policy.DeletionPolicy, policy.UpdateReplacePolicy]).toEqual(['Retain', 'Retain']);
  });

  test('nobody outside the account can see it, and nobody can read it without TLS', () => {
    const { Properties } = bucket();
    expect(Object.values(Properties.PublicAccessBlockConfiguration)).toEqual([true, true, true, true]);
    expect(JSON.stringify(Properties.BucketEncryption)).toContain('AES256');
    const denied = only(template, 'AWS::S3::BucketPolicy').Properties.PolicyDocument.Statement;
    expect(new Set(denied.map((s: { Effect: string }) => s.Effect))).toEqual(new Set(['Deny']));
    expect(JSON.stringify(denied)).toContain('"aws:SecureTransport":"false"');
  });

  test('nobody can delete or overwrite an event or shorten its lock, whatever rights they have', () => {
    const said = only(template, 'AWS::S3::BucketPolicy').Properties.PolicyDocument.Statement.filter(
      ({ Sid }: { Sid?: string }) => Sid !== undefined,
    );
    for (const { Effect, Principal, Resource } of said) {
      expect([Effect, Principal]).toEqual(['Deny', { AWS: '*' }]);
      expect(Resource.map(flatten)).toEqual([
        expect.stringMatching(/^<AuditArchiveBucket\w+\.Arn>\/events\/\*$/),
        expect.stringMatching(/^<AuditArchiveBucket\w+\.Arn>\/reports\/\*$/),
      ]);
    }
    expect(said.map(({ Action, Condition }: Record<string, unknown>) => [Action, Condition])).toEqual([
      [['s3:DeleteObject', 's3:DeleteObjectVersion'], undefined],
      ['s3:BypassGovernanceRetention', undefined],
      // The archiving function sends this header with each event, so only its writes get through.
      ['s3:PutObject', { Null: { 's3:if-none-match': 'true' }, Bool: { 's3:ObjectCreationOperation': 'true' } }],
      // A bucket replicated into this one would write its objects or delete markers over events of the same key.
      [['s3:ReplicateDelete', 's3:ReplicateObject'], undefined],
    ]);
  });

  test('nothing expires unless the configuration says so, and then not before its lock ends', () => {
    const rules = (configured: Template) => bucket(configured).Properties.LifecycleConfiguration.Rules;
    expect(rules(template).some((rule: Record<string, unknown>) => 'ExpirationInDays' in rule)).toBe(false);
    const audit = { lock: 'compliance', retentionDays: 730, expireAfterDays: 800 } as const;
    const configured = synthesize({ audit });
    for (const Prefix of ['events/', 'reports/'])
      expect(rules(configured)).toContainEqual(expect.objectContaining({ Prefix, ExpirationInDays: 800 }));
    expect(bucket(configured).Properties.ObjectLockConfiguration.Rule.DefaultRetention).toEqual({
      Mode: 'COMPLIANCE',
      Days: 730,
    });
    expect(() => defineConfig({ ...BASE, audit: { retentionDays: 30, expireAfterDays: 29 } })).toThrow(
      'audit.expireAfterDays: events are locked for 30 days; write at least as many',
    );
    expect(() => defineConfig({ ...BASE, audit: { retentionDays: 0 } })).toThrow(
      'audit.retentionDays: write the days an event is locked, at least 1',
    );
  });

  test('one function adds events, one adds lists of calls, and no function reads or deletes there', () => {
    const touching = statements(template).filter((s) => s.actions.some((action) => action.startsWith('s3:')));
    expect(touching.map(({ owner, actions, resources: where }) => [owner, actions, where])).toEqual([
      ['ReportOnAccess', ['s3:PutObject'], [expect.stringMatching(/^<AuditArchiveBucket\w+\.Arn>\/reports\/\*$/)]],
      ['AuditToArchive', ['s3:PutObject'], [expect.stringMatching(/^<AuditArchiveBucket\w+\.Arn>\/events\/\*$/)]],
    ]);
  });
});

describe('the way into the archive', () => {
  const mappings = (): Resource[] =>
    resources(template, 'AWS::Lambda::EventSourceMapping')
      .filter(([id]) => id.startsWith('AuditTo'))
      .map(([, mapping]) => mapping);

  test('EventBridge and the archive are fed by a reader of the stream each, so that one that is down delays only itself', () => {
    const read = mappings().map(({ Properties }) => flatten(Properties.FunctionName));
    expect(sorted(read)).toEqual([
      expect.stringMatching(/^<FunctionsAuditToArchiveFunction/),
      expect.stringMatching(/^<FunctionsAuditToBusFunction/),
    ]);
    for (const { Properties } of mappings()) {
      expect(flatten(Properties.EventSourceArn)).toMatch(/^<TablesRequests\w+\.StreamArn>$/);
      expect(Properties.StartingPosition).toBe('TRIM_HORIZON');
    }
    // DynamoDB serves two readers of a stream; a third would slow them all down.
    const readers = resources(template, 'AWS::Lambda::EventSourceMapping').filter(([, { Properties }]) =>
      flatten(Properties.EventSourceArn).startsWith('<TablesRequests'),
    );
    expect(readers).toHaveLength(2);
  });

  test('no event is skipped: batches are retried in order as long as the stream has them, and then set aside', () => {
    for (const { Properties, DependsOn } of mappings()) {
      expect(Properties.MaximumRetryAttempts).toBe(-1);
      // A batch that is too large for one run is halved until the record that is too large is alone.
      expect(Properties.BisectBatchOnFunctionError).toBe(true);
      expect(Properties.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
      expect(Properties.ParallelizationFactor).toBeUndefined();
      expect(Properties.MaximumRecordAgeInSeconds).toBeLessThan(24 * 3600);
      expect(Properties.MaximumRecordAgeInSeconds).toBeGreaterThanOrEqual(20 * 3600);
      expect(flatten(Properties.DestinationConfig.OnFailure.Destination)).toMatch(/^<AuditTo(Bus|Archive)DeadLetters/);
      expect(DependsOn?.some((id) => /^FunctionsAuditTo(Bus|Archive)RoleDefaultPolicy/.test(id))).toBe(true);
    }
  });

  test('the functions that tell what happened can change no table, no assignment and no message', () => {
    for (const owner of ['AuditToBus', 'AuditToArchive']) {
      const actions = statements(template)
        .filter((s) => s.owner === owner)
        .flatMap((s) => s.actions)
        .filter((action) => !/^(logs|xray):/.test(action));
      expect(sorted(actions)).toEqual(
        sorted([
          'dynamodb:DescribeStream',
          'dynamodb:GetRecords',
          'dynamodb:GetShardIterator',
          'dynamodb:ListStreams',
          'sqs:SendMessage',
          owner === 'AuditToBus' ? 'events:PutEvents' : 's3:PutObject',
        ]),
      );
    }
    expect(ownersOf(template, 'events:PutEvents')).toEqual(['AuditToBus']);
  });

  test('late events raise an alarm long before they could be lost', () => {
    const late = resources(template, 'AWS::CloudWatch::Alarm')
      .map(([, { Properties }]) => Properties)
      .filter(({ MetricName }) => MetricName === 'IteratorAge');
    expect(late.map(({ AlarmName }) => AlarmName)).toEqual([
      'glasshammer-low-late-audit-to-bus',
      'glasshammer-low-late-audit-to-archive',
    ]);
    for (const { Threshold } of late) expect(Threshold).toBeLessThan(24 * 3600 * 1000);
  });
});

describe('the questions of an auditor', () => {
  const catalogOf = (overrides: Partial<GlasshammerConfig> = {}) =>
    Template.fromStack(new AuditCatalogStack(new App(), 'Audit', { config: defineConfig({ ...BASE, ...overrides }) }));
  const catalog = catalogOf();
  const queries = () => resources(catalog, 'AWS::Athena::NamedQuery').map(([, { Properties }]) => Properties);
  const events = (of = catalog) => only(of, 'AWS::Glue::Table').Properties;

  test('Glue and Athena are in a stack of their own, which depends on the main stack and not the other way round', () => {
    const typesIn = (of: Template) =>
      Object.values(of.toJSON().Resources as Record<string, { Type: string }>).map(({ Type }) => Type);
    expect(typesIn(template).filter((type) => /Glue|Athena/.test(type))).toEqual([]);
    expect([...new Set(typesIn(catalog))]).toEqual([
      'AWS::Glue::Database',
      'AWS::Glue::Table',
      'AWS::Athena::NamedQuery',
    ]);
    // Nothing is exported, so nothing keeps the stack with the tables from being changed.
    expect(JSON.stringify([template.toJSON(), catalog.toJSON()])).not.toMatch(/Fn::ImportValue|"Export"/);
    expect(template.toJSON().Outputs.AuditBucket.Value).toEqual({ Ref: expect.stringMatching(/^AuditArchiveBucket/) });
    expect(template.toJSON().Outputs.AuditDatabase.Value).toBe(
      only(catalog, 'AWS::Glue::Database').Properties.DatabaseInput.Name,
    );
  });

  test('two deployments in one account have a catalog each, and a bucket of the organization is read as it is', () => {
    const other = catalogOf({ stackName: 'Emergency-Access', audit: { bucket: 'example-audit' } });
    expect(only(other, 'AWS::Glue::Database').Properties.DatabaseInput.Name).toBe('emergency_access_archive');
    expect(events(other).TableInput.StorageDescriptor.Location).toBe('s3://example-audit/events/');
    expect(resources(other, 'AWS::Athena::NamedQuery').map(([, { Properties }]) => Properties.Name)[0]).toBe(
      'emergency-access-who-had-what-when',
    );
  });

  test('an auditor finds the archive as a table, partitioned by day, with nothing to load', () => {
    const { DatabaseName, TableInput } = events();
    expect(DatabaseName).toBe('glasshammer_archive');
    expect(TableInput.PartitionKeys).toEqual([{ Name: 'day', Type: 'string' }]);
    expect(TableInput.Parameters).toMatchObject({
      'projection.enabled': 'true',
      'projection.day.type': 'date',
      'projection.day.format': 'yyyy-MM-dd',
      'projection.day.range': '2026-01-01,NOW',
    });
    // `${day}` is Athena's placeholder.
    expect(TableInput.Parameters['storage.location.template']).toEqual({
      'Fn::Join': [
        '',
        [
          's3://',
          { 'Fn::GetStackOutput': { StackName: 'Glasshammer', OutputName: 'AuditBucket' } },
          expect.stringMatching(/^\/events\/day=\$\{day\}\/$/),
        ],
      ],
    });
  });

  test('each question is a stored query', () => {
    expect(queries().map(({ Name }) => Name)).toEqual(
      [
        'who-had-what-when',
        'refusals',
        'approvals-by-person',
        'failed-revokes',
        'standing-access',
        'broken-glass',
        'operators',
        ...QUESTIONS.map(({ id }) => id),
      ].map((id) => `glasshammer-${id}`),
    );
  });

  const sqlOf = (id: string): string => queries().find(({ Name }) => Name === `glasshammer-${id}`)?.QueryString;

  test('standing access is found by every note with which an assignment stays that somebody else has made', () => {
    const sql = sqlOf('standing-access');
    const granted = { type: 'granted', at: '', by: '' } as const;
    const notes = [[granted], [granted, { ...granted, type: 'made-standing' } as const]].map((events) =>
      whyKept({ ...aRequest('ending'), events }),
    );
    expect(new Set(notes).size).toBe(2);
    for (const note of [WAS_THERE, ...notes]) expect(sql).toContain(`'${note}'`);
    expect(sql).not.toContain(HELD_BY_ANOTHER);
  });

  test('what operators did is not buried under what people were refused and under forged calls', () => {
    expect(sqlOf('operators')).toMatch(
      /\(requestid IS NULL AND type NOT IN \('action-refused', 'call-forged'\)\n\s+OR type IN/,
    );
  });

  test('no question reads the whole archive, and none uses a column that does not exist', () => {
    const columns = new Set<string>(['day']);
    for (const { Name, Type } of events().TableInput.StorageDescriptor.Columns) {
      columns.add(Name);
      for (const [, member = ''] of String(Type).matchAll(/(\w+):/g)) columns.add(`${Name}.${member}`);
    }
    for (const { QueryString, Database } of queries()) {
      expect(Database).toBe('glasshammer_archive');
      expect(QueryString).toMatch(/day >= date_format\(current_date - interval '\d+' day, '%Y-%m-%d'\)/);
      const members = [...QueryString.matchAll(/\b(requester|target|names|policy)\.(\w+)/g)].map(([member]) => member);
      expect(members.filter((member) => !columns.has(member))).toEqual([]);
      // BY is a keyword of SQL, so the column has to be quoted.
      expect(QueryString).not.toMatch(/(^|[^"\w])by([^"\w]|$)/);
    }
  });
});
