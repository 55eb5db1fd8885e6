import { resolve } from 'node:path';
import { defaultSeed, readSeed } from '../sandbox/aws/world/seed.ts';
import { serveSandbox } from '../sandbox/server/serve.ts';
import { stateView } from '../sandbox/server/state-view.ts';
import { legacyAlert } from '../sandbox/slack/alerts.ts';
import { report } from './measure.ts';

const TARGET = { accountId: '123456789012', permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-12345/ps-12345' };

/**
 * Counts the AWS calls from the button press until Identity Center reports SUCCEEDED and the request is active, with
 * cold functions.
 */
async function callsToAccess(name: string, seed: ReturnType<typeof defaultSeed>): Promise<void> {
  const running = await serveSandbox({ seed, speed: 1, port: 0, root: resolve(import.meta.dirname, '..') });
  const sandbox = running.current();
  // The messages that announce access are sent after it is active, so a fault stops them and they are not counted.
  sandbox.faults.add({ operation: 'lambda:announce-access', error: 'Crash', times: 'forever' });
  const alert = sandbox.slack.postAlert(legacyAlert('C0ALERTS', TARGET));
  await sandbox.slack.pressButton({ user: 'U0ANA', channel: 'C0ALERTS', ts: alert.ts, name: 'break_glass' });
  await sandbox.advance(2_500);
  const { requests } = (await stateView(sandbox)) as { requests: { state: string }[] };
  if (requests[0]?.state !== 'active') throw new Error(`the request is ${requests[0]?.state}, not active`);
  const counted = Object.entries(sandbox.calls.snapshot()).filter(([operation]) => !operation.startsWith('slack:'));
  const value = counted.reduce((sum, [, count]) => sum + count, 0);
  report({ name: `AWS calls, click to access: ${name}`, value, unit: 'calls', bar: 24 });
  await running.close();
}

await callsToAccess('5 accounts, 4 permission sets', defaultSeed());

const small = defaultSeed();
const accounts = Array.from({ length: 1000 }, (_, n) => ({
  id: String(500000000000 + n),
  name: `Account ${n}`,
  email: `account-${n}@example.com`,
  ou: small.accounts[0]?.ou ?? '',
}));
const permissionSets = Array.from({ length: 200 }, (_, n) => ({
  arn: `arn:aws:sso:::permissionSet/ssoins-12345/ps-extra${n}`,
  name: `Extra${n}`,
}));
await callsToAccess(
  '1,000 accounts, 200 permission sets',
  readSeed({
    accounts: [...small.accounts, ...accounts],
    permissionSets: [...small.permissionSets, ...permissionSets],
  }),
);
