import type { Call } from '../call.ts';
import { isDestruction, ruleOf } from './flag-actions.ts';
import type { FlagId } from './flag-ids.ts';

/** `look`: may be harmful. `note`: worth knowing. */
export type FlagLevel = 'look' | 'note';

export interface FlagMeaning {
  readonly title: string;
  readonly level: FlagLevel;
  /** What it means, in a sentence for a reader who does not know the calls. */
  readonly sentence: string;
  /** The sentence instead of `sentence` if none of the calls succeeded. */
  readonly tried?: string;
}

export const FLAGS: Readonly<Record<FlagId, FlagMeaning>> = {
  'trail-tampering': {
    title: 'Tampering with logs and alarms',
    level: 'look',
    sentence:
      'Calls that stop, delete or thin out what records or watches this account. Later actions may be missing from any report.',
    tried: 'It was tried to stop, delete or thin out what records or watches this account. Nothing was changed.',
  },
  'identity-persistence': {
    title: 'Access that outlives this access',
    level: 'look',
    sentence:
      'Calls that create or widen users, keys, roles, trust or permissions, and may leave a way in after the end.',
    tried: 'It was tried to create or widen users, keys, roles, trust or permissions. Nothing was changed.',
  },
  exposure: {
    title: 'Opening to others',
    level: 'look',
    sentence:
      'Calls that can open data, keys or networks to other accounts or to the public. Whether they did depends on their parameters.',
    tried: 'It was tried to open data, keys or networks to others. Nothing was opened.',
  },
  destruction: {
    title: 'Deleting',
    level: 'look',
    sentence: 'Calls that delete or terminate resources, or schedule that.',
    tried: 'It was tried to delete or terminate resources. Nothing was deleted.',
  },
  secrets: {
    title: 'Reading secrets',
    level: 'look',
    sentence:
      'Calls that return secrets, passwords or decrypted data. What was read should be thought of as known to the person.',
    tried: 'It was tried to read secrets, passwords or decrypted data. Nothing was read.',
  },
  'data-out': {
    title: 'Taking data out',
    level: 'look',
    sentence: 'Calls that copy data as a whole: snapshots, exports, mirrors, restores. See where the copy went.',
    tried: 'It was tried to copy data as a whole. Nothing was copied.',
  },
  'shell-and-code': {
    title: 'Shells and code',
    level: 'look',
    sentence:
      'Calls that open a shell or run commands or code. What was done there, with whose rights, is in no trail of API calls.',
    tried: 'It was tried to open a shell or to run commands or code. Nothing was run.',
  },
  'guard-rails': {
    title: 'Loosening guard rails',
    level: 'look',
    sentence: 'Calls that change a rule or protection that held for everybody.',
    tried: 'It was tried to change a rule or protection that holds for everybody. Nothing was changed.',
  },
  'role-hop': {
    title: 'Going on as another role',
    level: 'note',
    sentence:
      'The person took on further roles or identities. Those sessions are followed where the account can be read.',
    tried: 'It was tried to take on another role or identity, in vain.',
  },
  'after-end': {
    title: 'Calls after the end',
    level: 'look',
    sentence:
      'Calls after the access was over, with credentials fetched before the end. Where the sessions were cut, they were refused.',
    tried: 'It was tried to go on after the access was over, in vain.',
  },
  cost: {
    title: 'Cost',
    level: 'note',
    sentence: 'Calls that cost money by the hour or bind it for longer.',
    tried: 'It was tried to start or buy something that costs. Nothing was started or bought.',
  },
  network: {
    title: 'Changing the network',
    level: 'note',
    sentence: 'Calls that change which way traffic goes, or which is let through.',
    tried: 'It was tried to change the network. Nothing was changed.',
  },
  disruption: {
    title: 'Stopping and restarting databases',
    level: 'note',
    sentence: 'Calls that take a database away for a while.',
    tried: 'It was tried to stop or restart a database. Nothing was stopped.',
  },
  'looking-around': {
    title: 'Looking around',
    level: 'note',
    sentence:
      'Many different calls that say who and what there is. A search for a fault looks like it, and so does one for a way on.',
  },
  'new-address': {
    title: 'More than one network address',
    level: 'note',
    sentence:
      'The calls came from more than one IP address during the access. A change of network explains it, and so do stolen credentials.',
  },
  'nothing-done': {
    title: 'Nothing was done',
    level: 'note',
    sentence: 'The access was given and no call was made with it. Was it needed?',
  },
};

/** The flags that a call raises by its action and parameters, whether or not it succeeded. */
export function flagsOfCall(call: Call): readonly FlagId[] {
  const rule = ruleOf(call);
  if (rule === 'harmless') return [];
  if (rule !== undefined) return [rule.flag];
  return call.readOnly !== true && isDestruction(call.action) ? ['destruction'] : [];
}
