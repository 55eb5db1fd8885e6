import { leftOut } from '../../access/lease/revoke/removable.ts';
import { isInstant } from '../../model/events.ts';
import { mayHoldAccess } from '../../model/life-cycle.ts';
import type { RequestState } from '../../model/request.ts';
import { SCHEMA_VERSION, unknownSchema } from '../../model/schema-version.ts';
import { heardId, SWEPT_ID } from '../../model/stored-ids.ts';
import { type Checkout, type Deployed, type Expected, removableIn } from '../expected.ts';
import type { Look, Trouble } from '../finding.ts';
import type { DoctorPorts } from '../ports.ts';

/** The sweep runs every five minutes, so after this time at least two runs are missing. Milliseconds. */
const STALE_SWEEP_MS = 15 * 60_000;
/**
 * With fewer unreserved executions, Slack's calls may be throttled. Reservations alone do not cause this, because
 * Lambda keeps a minimum unreserved; but a new account may have a quota of ten.
 */
const FEW_CONCURRENT = 50;

/** What runs: the functions, the workflow, the tables, and what monitors them. */
export function runningChecks(
  { expected, deployed, checkout, now }: { expected: Expected; deployed: Deployed; checkout: Checkout; now: Date },
  look: DoctorPorts,
): Readonly<Record<string, Look>> {
  const prefix = expected.stackName.toLowerCase();
  const ageMs = (at: string) => now.getTime() - Date.parse(at);
  const isNew = ageMs(deployed.changedAt) < STALE_SWEEP_MS;
  const deploy = 'npx cdk deploy';

  return {
    async functions() {
      const troubles: Trouble[] = [];
      for (const name of checkout.functions) {
        const found = await look.function(`${prefix}-${name}`);
        if (found?.state === 'Active') continue;
        troubles.push({
          what: `function ${prefix}-${name} ${found === undefined ? 'is not there' : `is ${found.state}`}`,
          why: 'its part of every request fails',
          fix: deploy,
        });
      }
      return troubles.length === 0 ? `${checkout.functions.length} functions are active` : troubles;
    },

    async concurrency() {
      const { total, unreserved } = await look.concurrency();
      if (unreserved >= FEW_CONCURRENT) return `Lambda runs ${unreserved} functions at once beside what is reserved`;
      return [
        {
          what: `Lambda runs ${unreserved} functions at once in this account (${total} in all)`,
          why: 'one busy minute, of anybody in this account, and Slack is told that the app did not answer',
          fix: 'ask for a higher quota of concurrent executions (Service Quotas, L-B99A9384)',
        },
      ];
    },

    async workflow() {
      const status = await look.workflow(deployed.stateMachineArn);
      if (status === 'ACTIVE') return 'the workflow is active';
      return [
        {
          what: `the workflow ${status === undefined ? 'is not there' : `is ${status}`}`,
          why: 'nothing is granted',
          fix: deploy,
        },
      ];
    },

    async tables() {
      const [access, requests] = await Promise.all([
        look.table(deployed.accessTable),
        look.table(deployed.requestTable),
      ]);
      const troubles: Trouble[] = [];
      for (const [name, table] of [
        [deployed.accessTable, access],
        [deployed.requestTable, requests],
      ] as const) {
        if (table?.status !== 'ACTIVE')
          troubles.push({
            what: `table ${name} ${table === undefined ? 'is not there' : `is ${table.status}`}`,
            why: 'everybody is refused',
            fix: 'restore it from its point-in-time backup, then deploy',
          });
        else if (!table.streams)
          troubles.push({
            what: `table ${name} has no stream`,
            why: 'changes of policies count late, and events reach no archive',
            fix: deploy,
          });
        else if (!table.recovery)
          troubles.push({
            what: `table ${name} cannot be restored to a point in time`,
            why: 'whatever is deleted there by a slip is gone',
            fix: `${deploy}, or aws dynamodb update-continuous-backups`,
          });
      }
      if (requests !== undefined && !requests.indexes.includes('by-state'))
        troubles.push({
          what: `table ${deployed.requestTable} has no index by-state`,
          why: 'the sweep finds nothing; or the two tables are swapped',
          fix: 'compare the outputs AccessTable and RequestTable with the options or variables given here',
        });
      return troubles.length === 0 ? 'both tables are active' : troubles;
    },

    async archive() {
      const [bucket, bus] = await Promise.all([look.bucket(deployed.auditBucket), look.bus(deployed.auditBus)]);
      const troubles: Trouble[] = [];
      if (!bucket)
        troubles.push({
          what: `the bucket ${deployed.auditBucket} is not there`,
          why: 'events are archived nowhere',
          fix: `${deploy}, then glasshammer audit replay --from DAY`,
        });
      if (!bus)
        troubles.push({
          what: `the event bus ${deployed.auditBus} is not there`,
          why: 'nobody hears events',
          fix: deploy,
        });
      return troubles.length === 0 ? 'the archive and the event bus are there' : troubles;
    },

    async sweep() {
      const at = await look.heartbeat(SWEPT_ID);
      if (at !== undefined && ageMs(at) < STALE_SWEEP_MS) return `the last sweep was at ${at}`;
      if (at === undefined && isNew) return 'no sweep yet: it begins within five minutes of the deployment';
      return [
        {
          what: at === undefined ? 'no sweep was ever done' : `the last sweep was at ${at}`,
          why: 'access whose workflow has died is taken back by nobody',
          fix: `see that the rule of ${prefix}-sweep-access is enabled, and read its log (docs/runbook.md, sweep-stands-still)`,
        },
      ];
    },

    async overdue() {
      const late = await look.overdue(now.toISOString());
      if (late.length === 0) return 'no access is past its end';
      return late.map(({ id, state, endsAt }) => ({
        what: `request ${id} is ${state}, and ${isInstant(endsAt) ? 'should have ended at' : 'its end is no instant:'} ${endsAt}`,
        why: 'somebody may still have the access',
        fix: `glasshammer revoke --request ${id}; if that does not help, docs/runbook.md, revoke-failed`,
      }));
    },

    async 'left-out'() {
      const troubles: Trouble[] = [];
      let seen = 0;
      for await (const { id, state, target, names } of look.open()) {
        seen += 1;
        const missing = leftOut(target, removableIn(expected), names);
        if (missing === undefined) continue;
        const isHeld = state === 'lease' || mayHoldAccess(state as RequestState);
        troubles.push({
          what: `${state === 'lease' ? `a lease of ${id}` : `request ${id} (${state})`} is for ${missing.what}, which is neither in ${missing.list} nor in retired.${missing.list}`,
          why: isHeld
            ? 'no role may take it back then: when its time is over, it stays'
            : 'it cannot be given, and the person who waits for it is not told why',
          fix: `put it under retired.${missing.list} in glasshammer.config.ts and deploy; delete the line when this check finds it no more`,
        });
      }
      if (troubles.length > 0) return troubles;
      return `${seen} open requests and leases, all for what the configuration gives or has retired`;
    },

    async frozen() {
      const freeze = await look.frozen();
      if (freeze === undefined) return 'access is given';
      return [
        {
          what: `frozen since ${freeze.at} by ${freeze.by}: ${freeze.reason}`,
          why: 'nobody is given anything, on-call included',
          fix: 'glasshammer thaw, when the reason is over',
        },
      ];
    },

    async schema() {
      const newer = unknownSchema(await look.schema());
      if (newer === undefined) return `the tables are of version ${SCHEMA_VERSION}`;
      return [
        {
          what: newer,
          why: 'what is written there may mean something else than this version reads, so nothing is given',
          fix: 'deploy the newer version again, or restore the tables as they were before it (docs/upgrading.md)',
        },
      ];
    },

    async drift() {
      const [mode, pass] = await Promise.all([look.driftMode(), look.driftPass()]);
      const last = pass?.finishedAt ?? pass?.startedAt;
      // The age of a time that cannot be parsed is NaN, which counts as too old.
      const stale = last !== undefined && !(ageMs(last) <= 2 * 24 * 3600_000);
      if (stale || (pass === undefined && !isNew))
        return [
          {
            what: last === undefined ? 'no full pass over assignments has begun' : `the last full pass was at ${last}`,
            why: 'access that others give is not found',
            fix: `read the log of ${prefix}-watch-assignments (docs/drift.md)`,
          },
        ];
      if (mode.mode === 'enforcing') return 'drift is enforced';
      return [
        {
          as: 'note',
          what: 'drift is only reported',
          why: 'nothing that others gave is removed, whatever the rules say',
          fix: 'read glasshammer drift status, then glasshammer drift confirm',
        },
      ];
    },

    async trail() {
      const trails = (await look.trails()).filter(({ logging }) => logging);
      if (!trails.some(({ changes }) => changes === true)) {
        const unread = trails.filter(({ changes }) => changes === undefined).map(({ name }) => name);
        const why =
          'EventBridge is told of no change of assignments: access that others give is found hours later, and without a name';
        if (unread.length > 0)
          return [
            {
              as: 'unseen',
              what: `what ${unread.join(', ')} records has been chosen, and that choice cannot be read`,
              why: `if it leaves out management events that write, ${why}`,
              fix: 'use credentials that may call cloudtrail:GetEventSelectors on the trail, or read the choice where it was made',
            },
          ];
        const others = trails.map(({ name }) => name).join(', ');
        return [
          {
            what: `no trail records management events that write in ${expected.region}${others === '' ? '' : `: ${others} leaves them out`}`,
            why,
            fix: 'make an organization trail for all Regions, or a trail in this account; it needs management events, at least those that write',
          },
        ];
      }
      const { managementAccountId } = expected.organization;
      const [here, management] = await Promise.all([
        look.heartbeat(heardId(expected.account)),
        look.heartbeat(heardId(managementAccountId)),
      ]);
      const heard = `a change was last heard from here ${here ?? 'never'}, from the management account ${management ?? 'never'}`;
      if (management !== undefined || expected.account === managementAccountId) return heard;
      return [
        {
          as: 'note',
          what: heard,
          why: 'unless Management/ChangeForwarder is deployed, changes made there are found late and without a name',
          fix: 'npx cdk deploy Management/ChangeForwarder with credentials of that account, then change any assignment there',
        },
      ];
    },
  };
}
