import type { RequestInput } from '../core/model/decision.ts';
import { decide } from '../core/policy/decision/decide.ts';
import { factsNeeded } from '../core/policy/decision/facts.ts';
import { type Facts, NO_FACTS } from '../core/policy/decision/known-facts.ts';
import { parsePolicySet } from '../core/policy/records/policy-set.ts';
import { percentile, report } from './measure.ts';

const POLICIES = 10_000;
const PERSON_GROUPS = 200;
const GROUPS = 2_000;
const ACCOUNTS = 500;
const WARM_UP = 50;
const SAMPLES = 500;

const accountOf = (n: number) => String(100_000_000_000 + (n % ACCOUNTS));

/**
 * Policies of a large company: a tenth of them deny, a tenth require, the others allow. Each names five groups. Those
 * that allow have approvers, and half of all have hours.
 *
 * @param accounts an account id for each policy, or a unit that contains every account: then every policy has to be
 * evaluated for each request
 */
function policies(accounts: (n: number) => string) {
  return Array.from({ length: POLICIES }, (_, n) => {
    const effect = n % 10 === 0 ? 'deny' : n % 10 === 1 ? 'require' : 'allow';
    const team = effect === 'deny' ? 'barred' : 'group';
    return {
      id: `policy#p-${n}`,
      effect,
      who: Array.from({ length: 5 }, (_none, k) => `group:${team}-${(n * 7 + k * 13) % GROUPS}`),
      accounts: [accounts(n)],
      permissionSets: n % 2 === 0 ? ['AdministratorAccess'] : ['AdministratorAccess', 'ReadOnlyAccess'],
      ...(n % 4 < 2 ? { hours: { timeZone: n % 8 < 4 ? 'Europe/Berlin' : 'America/New_York' } } : {}),
      ...(effect === 'require' ? { reason: { minLength: 5 } } : {}),
      ...(effect === 'allow'
        ? { maxDuration: '4h', approval: { approvers: [`group:leads-${n % 50}`, 'group:directors'], count: 2 } }
        : {}),
    };
  });
}

const people = (team: number) => Array.from({ length: 50 }, (_, n) => `lead-${team}-${n}`);

const requestInput: RequestInput = {
  person: {
    principalId: 'ana',
    userName: 'ana',
    email: 'ana@example.com',
    groupIds: Array.from({ length: PERSON_GROUPS }, (_, n) => `id-${n}`),
  },
  target: { accountId: accountOf(1), permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-1' },
  names: { permissionSetName: 'AdministratorAccess' },
  durationSeconds: 3600,
  reason: 'because',
  ticket: '',
  at: '2026-01-05T09:00:00Z',
  votes: [],
};

/** All facts are known in advance, so only the decision is measured. */
const facts: Facts = {
  ...NO_FACTS,
  ouPath: ['r-root', 'ou-all'],
  groupIds: new Map(
    ['group', 'barred'].flatMap((team) =>
      Array.from({ length: GROUPS }, (_, n) => {
        const mine = team === 'group' && n < PERSON_GROUPS;
        return [`${team}-${n}`, mine ? `id-${n}` : null] as const;
      }),
    ),
  ),
  approvers: new Map([
    ...Array.from({ length: 50 }, (_, n) => [`group:leads-${n}`, people(n)] as const),
    ['group:directors', people(50)],
  ]),
};

for (const [shape, accounts] of [
  ['accounts by id', accountOf],
  ['all about every account', () => 'ou:ou-all'],
] as const) {
  const items = policies(accounts);
  const began = performance.now();
  const policySet = parsePolicySet(items);
  report({
    name: `reading ${POLICIES} policies, once per version (${shape})`,
    value: performance.now() - began,
    unit: 'ms',
  });

  const samples: number[] = [];
  let matched = 0;
  for (let n = 0; n < WARM_UP + SAMPLES; n++) {
    const start = performance.now();
    const decision = decide(policySet, [], requestInput, facts);
    if (n >= WARM_UP) samples.push(performance.now() - start);
    matched = decision.policies.filter((trace) => trace.matched).length;
  }
  const name = `decision, ${POLICIES} policies, ${PERSON_GROUPS} groups, ${matched} match (${shape})`;
  report({ name: `${name}, median`, value: percentile(samples, 0.5), unit: 'ms', bar: 10 });
  report({ name: `${name}, p99`, value: percentile(samples, 0.99), unit: 'ms', bar: 10 });

  const start = performance.now();
  const needed = factsNeeded(policySet, [], requestInput);
  const calls = Math.min(needed.groupNames.length, PERSON_GROUPS);
  report({
    name: `what to look up, knowing nothing: ${calls} calls (${shape})`,
    value: performance.now() - start,
    unit: 'ms',
  });
}
