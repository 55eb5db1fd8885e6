import type { GuardStatus } from '../../sessions/guard-permission-sets.ts';
import type { Expected } from '../expected.ts';
import type { Look, Trouble } from '../finding.ts';
import type { DoctorPorts } from '../ports.ts';

type State = GuardStatus['state'];

/** States without a problem: sessions are cut, or left to expire as docs/sessions.md describes. */
const RIGHT: readonly State[] = ['attached', 'other', 'none'];

/** Is the session guard of every permission set in working order, so that live sessions are cut? */
export function guardChecks({ permissionSets }: Expected, look: DoctorPorts): Readonly<Record<string, Look>> {
  return {
    async guards() {
      const all = await look.guards(permissionSets);
      const troubles = all.filter(({ state }) => !RIGHT.includes(state)).map(troubleOf);
      if (troubles.length > 0) return troubles;
      const cut = all.filter(({ state }) => state === 'attached').length;
      return `live sessions are cut for ${cut} of the ${all.length} permission sets in accounts`;
    },
  };
}

function troubleOf({ set, accountId, state, why = '' }: GuardStatus): Trouble {
  const where = accountId === '' ? `${set.name} in its accounts` : `${set.name} in ${accountId}`;
  const uncut = 'sessions begun before access ends live on, and each failed cut is alarmed';
  switch (state) {
    case 'attached-form':
      return {
        as: 'note',
        what: `the session guard is attached to ${where}, beside its own boundary`,
        why: 'an attacker who steals the right to write that policy can give by it what the boundary lets through',
        fix: 'make the guard its boundary if it can do without its own: docs/sessions.md',
      };
    case 'unbounded':
      return {
        what: `the session guard is attached to ${where}, which has no boundary of its own any more`,
        why: 'nothing limits what could be given by an attacker who steals the right to write that policy',
        fix: `glasshammer guard detach --permission-set ${set.name}, then guard attach without --attached`,
      };
    case 'grants':
      return {
        what: `the session guard attached to ${where} allows something: somebody has edited it`,
        why: 'everybody who has the permission set there is given it',
        fix: 'docs/runbook.md, A session guard grants something',
      };
    case 'unnamed':
      return {
        what: `the session guard is attached to ${where}, and sessionGuard.attachedTo does not name it`,
        why: 'nobody cuts its sessions, although it looks as if somebody did',
        fix: `add ${set.name} to sessionGuard.attachedTo and deploy, or glasshammer guard detach --permission-set ${set.name}`,
      };
    case 'missing':
      return {
        what: `${where} is to have the session guard, and the account has no such policy`,
        why: uncut,
        fix: 'bring it there: npx cdk deploy Member/ActivityReader, or Readers/StackSet',
      };
    case 'unseen':
      return {
        as: 'unseen',
        what: `could not look at the session guard of ${where}: ${why}`,
        why: 'nobody knows whether its sessions are cut',
        fix: 'run the doctor with the rights that docs/doctor.md lists; docs/runbook.md, A session guard cannot be seen',
      };
    default:
      return {
        what: `the session guard of ${where} is not as it should be: an older version of the set, or an edited policy`,
        why: uncut,
        fix: `glasshammer guard attach --permission-set ${set.name}; docs/runbook.md, Live sessions are not cut`,
      };
  }
}
