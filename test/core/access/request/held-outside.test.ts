import { heldOutside } from '../../../../core/access/request/held-outside.ts';
import type { HeldFacts } from '../../../../core/model/decision.ts';
import type { Directory } from '../../../../core/model/directory.ts';
import type { Target } from '../../../../core/model/target.ts';
import { ANAS_ASSIGNMENT, NOON } from '../requests.ts';

const at = (minutes: number) => new Date(Date.parse(NOON) + minutes * 60_000).toISOString();
const hold = (to: number) => ({ accessId: 'r1', startedAt: at(-60), endsAt: at(to) });
const NOTHING: HeldFacts = { isExtension: false, past: [] };
const ONCALL = { groupId: 'group-oncall' };

const services = {
  assignees: { assigneesOf: async () => ({ users: new Set(['user-ana']), groups: new Set<string>() }) },
  directory: {} as Directory,
};
const asked = (held: HeldFacts, target: Target = ANAS_ASSIGNMENT.target) => {
  const person = { principalId: 'user-ana', groupIds: ['group-oncall'] };
  return heldOutside({ person, target, held, now: NOON }, services);
};

test.each<[string, HeldFacts, object | undefined]>([
  ['with no access of Glasshammer counts', NOTHING, {}],
  ['does not count while access of Glasshammer lasts', { ...NOTHING, current: hold(30) }, undefined],
  ['does not count just after it has ended, while it is being removed', { ...NOTHING, past: [hold(-1)] }, undefined],
  ['counts long after it has ended', { ...NOTHING, past: [hold(-50)] }, {}],
])('an assignment or membership that a person has %s', async (_when, held, outside) => {
  expect(await asked(held)).toEqual(outside);
  expect(await asked(held, ONCALL)).toEqual(outside);
});
