import type { Call } from './call.ts';
import { isDestruction, isHarmlessUse, isSecretRead, LISTED_ACTIONS } from './flag-actions.ts';

/** What a reviewer should look at first, most serious first. */
export const FLAG_IDS = [
  'trail-tampering',
  'identity-persistence',
  'exposure',
  'destruction',
  'secrets',
  'role-hop',
  'after-end',
  'new-address',
  'nothing-done',
] as const;

export type FlagId = (typeof FLAG_IDS)[number];

/** `look`: may be harm. `note`: worth knowing. */
export type FlagLevel = 'look' | 'note';

export interface FlagMeaning {
  readonly title: string;
  readonly level: FlagLevel;
  /** What it means, in a sentence for a reader who does not know the calls. */
  readonly sentence: string;
}

export const FLAGS: Readonly<Record<FlagId, FlagMeaning>> = {
  'trail-tampering': {
    title: 'Tampering with logs and alarms',
    level: 'look',
    sentence:
      'Calls that stop, delete or thin out what records or watches this account. Later actions may be missing from any report.',
  },
  'identity-persistence': {
    title: 'Access that outlives this access',
    level: 'look',
    sentence:
      'Calls that create or widen users, keys, roles, trust or permissions, and may leave a way in after the end.',
  },
  exposure: {
    title: 'Opening to others',
    level: 'look',
    sentence:
      'Calls that can open data, keys or networks to other accounts or to the public. Whether they did depends on their parameters.',
  },
  destruction: {
    title: 'Deleting',
    level: 'look',
    sentence: 'Calls that delete or terminate resources, or schedule that.',
  },
  secrets: {
    title: 'Reading secrets',
    level: 'look',
    sentence:
      'Calls that return secrets, passwords or decrypted data. What was read should be thought of as known to the person.',
  },
  'role-hop': {
    title: 'Going on as another role',
    level: 'note',
    sentence:
      'The person took on further roles. Those sessions are followed by their access keys where the account can be read.',
  },
  'after-end': {
    title: 'Calls after the end',
    level: 'look',
    sentence:
      'Calls after the access was over, with credentials fetched before the end. Where the sessions were cut, they were refused.',
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

/** The flags that a single call raises, by what it is; whether it succeeded is counted by the caller. */
export function flagsOfCall(call: Call): readonly FlagId[] {
  if (isHarmlessUse(call)) return [];
  const listed = LISTED_ACTIONS.get(call.action);
  if (listed !== undefined) return [listed];
  if (isSecretRead(call)) return ['secrets'];
  if (isRoleChaining(call.action)) return ['role-hop'];
  return call.readOnly !== true && isDestruction(call.action) ? ['destruction'] : [];
}

/** Does the call begin a session as another role? `AssumeRoleWithSAML` begins the person's own session and is none. */
export function isRoleChaining(action: string): boolean {
  return action === 'sts:AssumeRole' || action === 'sts:AssumeRoot' || action === 'signin:SwitchRole';
}
