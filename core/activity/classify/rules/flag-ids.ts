/** The flags, most serious first, which is the order in which a reviewer should look at them. */
export const FLAG_IDS = [
  'trail-tampering',
  'identity-persistence',
  'exposure',
  'destruction',
  'secrets',
  'data-out',
  'shell-and-code',
  'guard-rails',
  'role-hop',
  'after-end',
  'cost',
  'network',
  'disruption',
  'looking-around',
  'new-address',
  'nothing-done',
] as const;

export type FlagId = (typeof FLAG_IDS)[number];
