import { examine } from '../../../core/doctor/examine.ts';
import type { Finding } from '../../../core/doctor/finding.ts';
import { heardId, SWEPT_ID } from '../../../core/model/stored-ids.ts';
import { type Deployment, examinationOf, HOME, lookAt, MANAGEMENT, NOW, SET, soundDeployment } from './deployment.ts';

async function diagnose(world: Deployment, look = lookAt(world), machine = NOW): Promise<Finding[]> {
  const findings: Finding[] = [];
  const words = (error: unknown) => (error as Error).message;
  for await (const finding of examine(examinationOf(world), look, words, machine)) findings.push(finding);
  return findings;
}

test('a sound deployment has nothing to put right, and each check says what it has looked at', async () => {
  const findings = await diagnose(soundDeployment());
  expect(findings.filter(({ status }) => status !== 'ok')).toEqual([]);
  expect(new Set(findings.map(({ check }) => check)).size).toBe(findings.length);
  expect(findings.length).toBeGreaterThan(25);
});

/** What is broken, the check that must find it, and a word of what it must say. Nothing else may be found. */
const FAULTS: readonly (readonly [string, string, RegExp, (world: Deployment) => void])[] = [
  [
    'credentials of another account',
    'caller',
    /for 123456789012 in/,
    (w) => {
      w.caller.account = '123456789012';
    },
  ],
  [
    'another Region',
    'caller',
    /in us-east-1/,
    (w) => {
      w.caller.region = 'us-east-1';
    },
  ],
  [
    'a deployment that was rolled back',
    'stack',
    /UPDATE_ROLLBACK_COMPLETE/,
    (w) => {
      w.deployed.status = 'UPDATE_ROLLBACK_COMPLETE';
    },
  ],
  [
    'another version deployed',
    'version',
    /1\.1\.0.*1\.2\.0/,
    (w) => {
      w.deployed.version = '1.1.0';
    },
  ],
  [
    'another organization',
    'organization',
    /o-zzzzzzzzzz/,
    (w) => {
      w.organization.id = 'o-zzzzzzzzzz';
    },
  ],
  [
    'Identity Center not delegated',
    'delegation',
    /not a delegated administrator of Identity Center/,
    (w) => {
      w.delegated['sso.amazonaws.com'] = [];
    },
  ],
  [
    'StackSets not trusted',
    'stack-set',
    /does not trust StackSets/,
    (w) => {
      w.trusted = [];
    },
  ],
  [
    'StackSets not delegated',
    'stack-set',
    /not a delegated administrator of StackSets/,
    (w) => {
      w.delegated['member.org.stacksets.cloudformation.amazonaws.com'] = [];
    },
  ],
  [
    'no such instance',
    'instance',
    /there is no Identity Center instance/,
    (w) => {
      w.instance = undefined;
    },
  ],
  [
    'another identity store',
    'instance',
    /d-0987654321/,
    (w) => {
      w.instance = { identityStoreId: 'd-0987654321', status: 'ACTIVE' };
    },
  ],
  [
    'another primary Region',
    'instance',
    /primary Region.*us-east-1/,
    (w) => {
      w.instance = { identityStoreId: 'd-1234567890', status: 'ACTIVE', primaryRegion: 'us-east-1' };
    },
  ],
  [
    'permission sets not enabled',
    'instance',
    /not enabled/,
    (w) => {
      w.instance = { identityStoreId: 'd-1234567890', status: 'ACTIVE', permissionSetsEnabled: false };
    },
  ],
  [
    'a customer-managed key nobody named',
    'key',
    /arn:aws:kms:key/,
    (w) => {
      w.instance = {
        identityStoreId: 'd-1234567890',
        status: 'ACTIVE',
        keyArn: 'arn:aws:kms:key',
        keyStatus: 'ENABLED',
      };
    },
  ],
  [
    'an account that left',
    'accounts',
    /234567890123 is not in the organization/,
    (w) => {
      w.accounts.splice(1, 1);
    },
  ],
  [
    'a suspended account',
    'accounts',
    /Staging.*suspended/,
    (w) => {
      w.accounts[1] = { id: '234567890123', name: 'Staging', active: false };
    },
  ],
  [
    'a permission set that is gone',
    'permission-sets',
    /no permission set.*BreakGlassAdmin/,
    (w) => {
      w.sets = {};
    },
  ],
  [
    'a permission set under another name',
    'permission-sets',
    /is called Admin/,
    (w) => {
      w.sets[SET] = { name: 'Admin', sessionSeconds: 3600 };
    },
  ],
  [
    'a permission set provisioned in the management account',
    'permission-sets',
    /management account/,
    (w) => {
      w.provisioned[SET] = [MANAGEMENT];
    },
  ],
  [
    'a group that is gone',
    'groups',
    /no group group-oncall/,
    (w) => {
      w.groups = {};
    },
  ],
  [
    'a group written by SCIM',
    'groups',
    /SCIM/,
    (w) => {
      w.groups['group-oncall'] = { name: 'On-call', external: true };
    },
  ],
  [
    'an organizational unit that is gone',
    'units',
    /ou-ab12-34cd56ef/,
    (w) => {
      w.units = [];
    },
  ],
  [
    'the random secret',
    'slack-secret',
    /random/,
    (w) => {
      w.secret = 'random';
    },
  ],
  [
    'a secret of another form',
    'slack-secret',
    /signingSecret/,
    (w) => {
      w.secret = 'unreadable';
    },
  ],
  [
    'a token Slack refuses',
    'slack-token',
    /token_revoked/,
    (w) => {
      w.token = { refused: 'token_revoked' };
    },
  ],
  [
    'a token of another workspace',
    'slack-token',
    /T0OTHER/,
    (w) => {
      w.token = { teamId: 'T0OTHER', scopes: ['chat:write', 'users:read'] };
    },
  ],
  [
    'a missing scope',
    'slack-token',
    /lacks users:read/,
    (w) => {
      w.token = { teamId: 'T0HOME', scopes: ['chat:write'] };
    },
  ],
  [
    'the app not invited',
    'slack-channels',
    /not in channel C0ACCESS/,
    (w) => {
      w.channels.C0ACCESS = { member: false, archived: false };
    },
  ],
  [
    'an archived channel',
    'slack-channels',
    /C0OPS is archived/,
    (w) => {
      w.channels.C0OPS = { member: true, archived: true };
    },
  ],
  [
    'a channel nobody sees',
    'slack-channels',
    /no channel C0OPS/,
    (w) => {
      delete w.channels.C0OPS;
    },
  ],
  [
    'an API with another secret',
    'slack-route',
    /refuses a call signed/,
    (w) => {
      w.route = 'refused';
    },
  ],
  [
    'an API that is gone',
    'slack-route',
    /does not answer/,
    (w) => {
      w.route = 'nobody';
    },
  ],
  [
    'a sender SES does not know',
    'mail',
    /not verified/,
    (w) => {
      w.mail = {};
    },
  ],
  [
    'a default configuration set',
    'mail',
    /configuration set, feedback/,
    (w) => {
      w.mail['example.com'] = { verified: true, configurationSet: 'feedback' };
    },
  ],
  [
    'a recipient in the SES sandbox',
    'mail',
    /security@example.org is not verified/,
    (w) => {
      w.mailAccount.production = false;
      w.expected.report.to = ['security@example.org'];
    },
  ],
  [
    'SES paused',
    'mail',
    /paused/,
    (w) => {
      w.mailAccount.sending = false;
    },
  ],
  [
    'SES at its quota',
    'mail',
    /200 of 200/,
    (w) => {
      w.mailAccount.perDay = 200;
      w.mailAccount.sentToday = 200;
    },
  ],
  [
    'an alarm nobody confirmed',
    'alarm-mail',
    /has not confirmed/,
    (w) => {
      w.subscriptions = [{ endpoint: 'oncall@example.com', confirmed: false }];
    },
  ],
  [
    'alarms for nobody',
    'alarm-mail',
    /nobody receives/,
    (w) => {
      w.subscriptions = [];
      w.expected.alarmEmails = [];
    },
  ],
  [
    'a function that is gone',
    'functions',
    /glasshammer-revoke-access is not there/,
    (w) => {
      delete w.functions['glasshammer-revoke-access'];
    },
  ],
  [
    'a new account with ten at once',
    'concurrency',
    /10 functions/,
    (w) => {
      w.concurrency = { total: 10, unreserved: 10 };
    },
  ],
  [
    'no workflow',
    'workflow',
    /is not there/,
    (w) => {
      w.workflow = undefined;
    },
  ],
  [
    'swapped tables',
    'tables',
    /no index by-state/,
    (w) => {
      [w.deployed.accessTable, w.deployed.requestTable] = ['requests', 'access'];
    },
  ],
  [
    'a table without backups',
    'tables',
    /point in time/,
    (w) => {
      w.tables.access = { status: 'ACTIVE', indexes: [], streams: true, recovery: false };
    },
  ],
  [
    'an archive that is gone',
    'archive',
    /bucket archive/,
    (w) => {
      w.buckets = [];
    },
  ],
  [
    'a sweep that stands still',
    'sweep',
    /08:31/,
    (w) => {
      w.heartbeats[SWEPT_ID] = '2026-01-05T08:31:00Z';
    },
  ],
  [
    'a sweep that never ran',
    'sweep',
    /no sweep/,
    (w) => {
      delete w.heartbeats[SWEPT_ID];
    },
  ],
  [
    'access past its end',
    'overdue',
    /request r1 is ending/,
    (w) => {
      w.overdue = [{ id: 'r1', state: 'ending', endsAt: '2026-01-05T07:00:00Z' }];
    },
  ],
  [
    'a freeze somebody forgot',
    'frozen',
    /incident 42/,
    (w) => {
      w.frozen = { by: 'cli:olga', at: '2026-01-02T09:00:00Z', reason: 'incident 42' };
    },
  ],
  [
    'a full pass that stands still',
    'drift',
    /2026-01-01/,
    (w) => {
      w.driftPass = { startedAt: '2026-01-01T03:00:00Z' } as never;
    },
  ],
  [
    'no trail',
    'trail',
    /no trail records/,
    (w) => {
      w.trails = [{ name: 'organization', logging: false, organization: true }];
    },
  ],
  [
    'a stray record',
    'records',
    /Policy#no-prod/,
    (w) => {
      w.records.push({ id: 'Policy#no-prod' });
    },
  ],
  [
    'a policy that cannot be read',
    'records',
    /policy "x"/,
    (w) => {
      w.records.push({ id: 'policy#x', effect: 'alow' });
    },
  ],
  [
    'a record of a set nobody configured',
    'records',
    /does not name/,
    (w) => {
      w.records.push({ id: `access#123456789012#${SET.replace(/.$/, '0')}#user-ana` });
    },
  ],
  [
    'a person who is gone',
    'principals',
    /user-ben, who is not in Identity Center/,
    (w) => {
      w.records.push({ id: 'principal#U0BEN', ssoPrincipal: 'user-ben' });
    },
  ],
  [
    'a person who is disabled',
    'principals',
    /is disabled/,
    (w) => {
      w.users['user-ana'] = { userName: 'ana', enabled: false };
    },
  ],
  [
    'one user for two people',
    'principals',
    /U0ANA and U0BEN/,
    (w) => {
      w.records.push({ id: 'principal#U0BEN', ssoPrincipal: 'user-ana' });
    },
  ],
  [
    'access for nobody',
    'holders',
    /user-zoe/,
    (w) => {
      w.records.push({ id: `access#123456789012#${SET}#user-zoe` });
    },
  ],
  [
    'an account that cannot be read',
    'readers',
    /234567890123 cannot be read: no such role/,
    (w) => {
      w.unreadable['234567890123'] = 'no such role';
    },
  ],
  [
    'a Region that is not enabled',
    'readers',
    /in us-east-1: not enabled/,
    (w) => {
      w.unreadable['234567890123 us-east-1'] = 'not enabled';
    },
  ],
];

test.each(FAULTS)('%s is found, named, and nothing else with it', async (_what, check, says, spoil) => {
  const world = soundDeployment();
  spoil(world);
  const wrong = (await diagnose(world)).filter(({ status }) => status === 'fault' || status === 'unseen');
  expect([...new Set(wrong.map((finding) => finding.check))]).toEqual([check]);
  expect(wrong.map(({ what }) => what).join('\n')).toMatch(says);
  for (const { why, fix } of wrong) {
    expect(why).toBeTruthy();
    expect(fix).toBeTruthy();
  }
});

test('the clock of the machine that asks is held against that of AWS', async () => {
  const world = soundDeployment();
  const wrong = await diagnose(world, lookAt(world), new Date('2026-01-05T09:07:00Z'));
  expect(wrong.filter(({ status }) => status === 'fault')).toEqual([
    expect.objectContaining({ check: 'clock', what: expect.stringContaining('7 minutes') }),
  ]);
});

test('what may not be looked at is never taken for right, and the other checks go on', async () => {
  const world = soundDeployment();
  const look = { ...lookAt(world), mailAccount: () => Promise.reject(new Error('olga may not ses:GetAccount')) };
  const findings = await diagnose(world, look);
  expect(findings.filter(({ status }) => status !== 'ok')).toEqual([
    expect.objectContaining({ check: 'mail', status: 'unseen', what: 'could not look: olga may not ses:GetAccount' }),
  ]);
});

test('a deployment of a minute ago is not blamed for what begins within five', async () => {
  const world = soundDeployment();
  world.deployed.changedAt = '2026-01-05T08:59:00Z';
  world.heartbeats = {};
  world.driftPass = undefined;
  world.driftMode = { mode: 'report-only' };
  const findings = await diagnose(world);
  expect(findings.filter(({ status }) => status === 'fault')).toEqual([]);
  // Worth knowing all the same: drift is only told of, and nothing was heard from the management account.
  expect(findings.filter(({ status }) => status === 'note').map(({ check }) => check)).toEqual(['drift', 'trail']);
});

test('every account is asked for where the configuration says all, but those it cannot give', async () => {
  const world = soundDeployment();
  world.expected.accounts = '*';
  world.unreadable = { [HOME]: 'not ours to read', [MANAGEMENT]: 'not ours to read' };
  expect((await diagnose(world)).filter(({ status }) => status === 'fault')).toEqual([]);
  expect(world.heartbeats[heardId(HOME)]).toBeDefined();
});
