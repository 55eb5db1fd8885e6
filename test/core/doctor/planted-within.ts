import { SWEPT_ID } from '../../../core/model/stored-ids.ts';
import { MANAGEMENT, SET } from './deployment.ts';
import type { PlantedFault } from './planted-around.ts';

/** Faults within a deployment: channels, mail, functions and tables, and the records that people have written. */
export const WITHIN: readonly PlantedFault[] = [
  [
    'a permission set taken out while somebody has it',
    'left-out',
    /request req-1 \(active\) is for permission set PowerUserAccess, which is neither in permissionSets nor in retired\.permissionSets/,
    (w) => {
      const target = { accountId: '123456789012', permissionSetArn: `${SET}ff` };
      w.open = [{ id: 'req-1', state: 'active', target, names: { permissionSetName: 'PowerUserAccess' } }];
    },
  ],
  [
    'an account taken out while a lease without a request is left',
    'left-out',
    /a lease of user-ana .* is for account 345678901234, which is neither in accounts/,
    (w) => {
      const target = { accountId: '345678901234', permissionSetArn: SET };
      w.open = [{ id: `user-ana 345678901234 ${SET}`, state: 'lease', target, names: {} }];
    },
  ],
  [
    'a group taken out while somebody waits for it',
    'left-out',
    /request req-1 \(pending\) is for group Leads, which is neither in groups/,
    (w) => {
      w.open = [{ id: 'req-1', state: 'pending', target: { groupId: 'group-leads' }, names: { groupName: 'Leads' } }];
    },
  ],
  [
    'access to the management account, which is no longer included',
    'left-out',
    /is for account 999999999999, which is neither in accounts/,
    (w) => {
      w.expected.accounts = '*';
      const target = { accountId: MANAGEMENT, permissionSetArn: SET };
      w.open = [{ id: 'req-1', state: 'active', target, names: {} }];
    },
  ],
  [
    'a channel that the app is not invited to',
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
    'a channel that does not exist',
    'slack-channels',
    /no channel C0OPS/,
    (w) => {
      delete w.channels.C0OPS;
    },
  ],
  [
    'an API that has another signing secret',
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
    'an alarm address that has not confirmed',
    'alarm-mail',
    /has not confirmed/,
    (w) => {
      w.subscriptions = [{ endpoint: 'oncall@example.com', confirmed: false }];
    },
  ],
  [
    'alarms that nobody receives',
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
    'a new account that may run only ten functions at once',
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
    'tables of a newer version',
    'schema',
    /version 2, and this version of Glasshammer knows 1/,
    (w) => {
      w.schema = { version: 2 };
    },
  ],
  [
    'access whose end cannot be read',
    'overdue',
    /request r1 is active, and its end is no instant: tomorrow/,
    (w) => {
      w.overdue = [{ id: 'r1', state: 'active', endsAt: 'tomorrow' }];
    },
  ],
  [
    'a full pass at no instant',
    'drift',
    /the last full pass was at yesterday/,
    (w) => {
      w.driftPass = { startedAt: 'yesterday' } as never;
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
  ...(
    [
      ['no trail', /no trail records/, false, true],
      ['a trail of data events alone', /no trail .* that write in .*: ours leaves them out/, true, false],
      ['a trail of whose events nobody may know', /what ours records has been chosen/, true, undefined],
    ] as const
  ).map(
    ([what, says, logging, changes]): PlantedFault => [
      what,
      'trail',
      says,
      (w) => {
        w.trails = [{ name: 'ours', logging, organization: true, changes }];
      },
    ],
  ),
  [
    'a stray record',
    'records',
    /Policy#no-prod/,
    (w) => {
      w.records.push({ id: 'Policy#no-prod' });
    },
  ],
  ...(
    [
      ['a deny for a group that does not exist', { who: ['group:On-cal'] }, /"no" \(deny\) names group On-cal/],
      ['a deny for a person who is gone', { who: ['user:zoe@example.com'] }, /names user zoe@example.com/],
      ['a deny for an account with a wrong digit', { accounts: ['123456789013'] }, /names account 123456789013/],
      ['a deny for a unit that is gone', { accounts: ['ou:ou-ab12-00000000'] }, /unit ou-ab12-00000000/],
    ] as const
  ).map(
    ([what, fields, says]): PlantedFault => [
      what,
      'policy-names',
      says,
      (w) => {
        w.records.push({ id: 'policy#no', effect: 'deny', who: ['everyone'], ...fields });
        w.records.push({
          id: 'policy#some',
          effect: 'allow',
          who: ['group:Nobody'],
          accounts: ['*'],
          permissionSets: ['*'],
        });
      },
    ],
  ),
  [
    'a policy that cannot be read',
    'records',
    /policy "x"/,
    (w) => {
      w.records.push({ id: 'policy#x', effect: 'alow' });
    },
  ],
  [
    'a record of a permission set that is not configured',
    'records',
    /does not name/,
    (w) => {
      w.records.push({ id: `access#123456789012#${SET.replace(/.$/, '0')}#user-ana` });
    },
  ],
  [
    'a mapping to a user who is gone',
    'principals',
    /user-ben, who is not in Identity Center/,
    (w) => {
      w.records.push({ id: 'principal#U0BEN', ssoPrincipal: 'user-ben' });
    },
  ],
  [
    'a mapping to a user who is disabled',
    'principals',
    /is disabled/,
    (w) => {
      w.users['user-ana'] = { userName: 'ana', enabled: false };
    },
  ],
  [
    'two Slack users who are mapped to one user',
    'principals',
    /U0ANA and U0BEN/,
    (w) => {
      w.records.push({ id: 'principal#U0BEN', ssoPrincipal: 'user-ana' });
    },
  ],
  [
    'access for a user who does not exist',
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
    'an account of Identity Center whose sign-ins cannot be read',
    'readers',
    /sign-ins cannot be read in 999999999999, eu-central-1: no such role/,
    (w) => {
      w.unreadable['999999999999'] = 'no such role';
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
  ...(
    [
      ['missing', /has no such policy/],
      ['drifted', /is not as it should be/],
      ['grants', /allows something/],
      ['unbounded', /no boundary of its own any more/],
      ['unnamed', /does not name it/],
      ['unseen', /could not look at the session guard of BreakGlassAdmin in 123456789012/],
    ] as const
  ).map(([state, says]): (typeof WITHIN)[number] => [
    `a session guard that is ${state}`,
    'guards',
    says,
    (w) => {
      w.guards.push({ set: { name: 'BreakGlassAdmin', arn: SET }, accountId: '123456789012', state });
    },
  ]),
];
