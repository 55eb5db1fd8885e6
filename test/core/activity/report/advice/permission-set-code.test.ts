import type { CfnPermissionSetProps } from 'aws-cdk-lib/aws-sso';
import { transformSync } from 'esbuild';
import { suggestPolicy } from '../../../../../core/activity/report/advice/least-privilege.ts';
import { permissionSetCode } from '../../../../../core/activity/report/advice/permission-set-code.ts';
import { ACCOUNT, aCall, endedRequest } from '../../records.ts';
import { storedReport } from '../../stored-reports.ts';

const SET = 'arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-1234567890abcdef';
const TARGET = { target: { accountId: ACCOUNT, permissionSetArn: SET } };
const digestOf = (...calls: Record<string, unknown>[]) => storedReport(calls).digest;

/** The properties that the printed file gives to the CDK. A stand-in is loaded, as the CDK takes seconds to load. */
function deployed(code: string): CfnPermissionSetProps {
  const { code: compiled } = transformSync(code, { loader: 'ts', format: 'cjs' });
  const made: CfnPermissionSetProps[] = [];
  class CfnPermissionSet {
    constructor(_scope: object, _id: string, props: CfnPermissionSetProps) {
      made.push(props);
    }
  }
  const file = { exports: {} as { addPermissionSet(scope: object): unknown } };
  const load = (name: string) => (name === 'aws-cdk-lib/aws-sso' ? { CfnPermissionSet } : {});
  new Function('module', 'exports', 'require', compiled)(file, file.exports, load);
  file.exports.addPermissionSet({});
  expect(made).toHaveLength(1);
  return made[0] as CfnPermissionSetProps;
}

test('the printed permission set has the same instance and session length, and allows what was done and no more', () => {
  const request = endedRequest(TARGET);
  const suggestion = suggestPolicy(digestOf(aCall('ec2:StopInstances'), aCall('s3:ListBuckets', { readOnly: true })));
  const written = permissionSetCode(request, 'AdministratorAccess', suggestion);
  if ('none' in written) throw new Error(written.none);
  expect(deployed(written.code)).toMatchObject({
    instanceArn: 'arn:aws:sso:::instance/ssoins-1234567890abcdef',
    name: 'AdministratorAccess-Less',
    sessionDuration: 'PT1H',
    inlinePolicy: {
      Statement: [{ Effect: 'Allow', Action: ['ec2:StopInstances', 's3:ListAllMyBuckets'], Resource: '*' }],
    },
  });
});

test('no name can end a comment or string of the printed code, or be too long for Identity Center', () => {
  const name = `A*/'"\`\${process.exit(9)}${'x'.repeat(40)}`;
  const suggestion = suggestPolicy(digestOf(aCall('ec2:StopInstances')));
  const limits = ['Left out: */ throw new Error("run");\n throw 1;'];
  const written = permissionSetCode(
    { ...endedRequest(TARGET), id: 'req-1*/' },
    name,
    suggestion === undefined ? undefined : { ...suggestion, limits },
  );
  if ('none' in written) throw new Error(written.none);
  expect(deployed(written.code).name).toBe(`${name.slice(0, 27)}-Less`);
});

test.each([
  ['nothing that was done could be allowed', endedRequest(), undefined, /no call succeeded/],
  ['a group', endedRequest({ target: { groupId: 'g' } }), suggestPolicy(digestOf(aCall('ec2:StopInstances'))), /group/],
])('%s: a sentence is printed instead of code', (_why, request, suggestion, sentence) => {
  expect(permissionSetCode(request, 'Set', suggestion)).toEqual({ none: expect.stringMatching(sentence) });
});

test('the limits say that data events are missing only if the source of the calls does not have them', () => {
  const digest = digestOf(aCall('ec2:StopInstances'));
  const missing = 'data events such as s3:GetObject, are missing';
  expect(suggestPolicy(digest)?.limits.join()).toContain(missing);
  const sees = 'Data events are in it where the trail records them.';
  const limits = suggestPolicy(digest, { name: 'Athena', sees })?.limits.join();
  expect(limits).toContain(sees);
  expect(limits).not.toContain(missing);
});
