import { explainInWords, explanationOf } from '../../../../core/policy/authoring/explain.ts';
import { allow, allowAfter, demand, deny, explainIn, type Fields } from '../world.ts';

const policies = [
  allowAfter({}, { name: 'leads', maxDuration: '1h' }),
  allowAfter({ approvers: ['group:Security'] }, { name: 'security', maxDuration: '30m' }),
  demand({ name: 'directors', approval: { approvers: ['group:Directors'] } }),
  deny({ name: 'others', who: ['group:Developers'] }),
];

test('the explanation for programs lists every needed approval with the ids whose vote can still count', async () => {
  expect(explanationOf(await explainIn({ policies, ask: { votes: ['ben'] } }))).toEqual({
    outcome: 'needs-approval',
    reason:
      'Policy "leads" allows this for up to 1h after 1 more approval and 1 more approval that policy "directors" requires.',
    path: 'leads',
    approvals: [
      { policy: 'leads', count: 1, approvers: ['cleo', 'dan'] },
      { policy: 'directors', count: 1, approvers: ['dan'] },
    ],
    maxDuration: 'PT1H',
    refusedVotes: [{ user: 'ben', reason: 'not-approver' }],
    policies: [
      { name: 'directors', effect: 'require', matched: true, why: 'requires 1 approval by group:Directors on top' },
      { name: 'leads', effect: 'allow', matched: true, why: 'allows it for up to 1h after 2 approvals' },
      { name: 'others', effect: 'deny', matched: false, why: 'does not name this person' },
      {
        name: 'security',
        effect: 'allow',
        matched: true,
        why: 'Policy "security": 1h is longer than the 30m that it allows.',
      },
    ],
  });
});

test('the explanation for people says the same in words, with names', async () => {
  const names: Record<string, string> = { cleo: 'Cleo', dan: 'Dan' };
  const text = explainInWords(await explainIn({ policies }), (id) => names[id] ?? id);
  expect(text).toContain('needs approval: Policy "leads" allows this for up to 1h after');
  expect(text).toContain('  1 of Cleo, Dan\n  1 of Dan for directors\n');
  expect(text).toContain('did not match:\n  deny others: does not name this person\n');
});

test('the explanation of a refusal has its code and what would be allowed instead', async () => {
  const refused = await explainIn({ policies: [allow({ maxDuration: '1h' })], ask: { hours: 2 } });
  expect(explanationOf(refused)).toMatchObject({
    outcome: 'refused',
    refusal: 'too-long',
    nearest: 'up to 1h, by policy allow',
    approvals: [],
  });
  expect(explainInWords(refused, (id) => id)).toContain('nearest: up to 1h, by policy allow\n');
});

test('the explanation of break-glass access says which approvers are told', async () => {
  const broken = await explainIn({ policies: [allow({ breakGlass: true, approval: { approvers: ['group:Leads'] } })] });
  expect(explanationOf(broken)).toMatchObject({
    outcome: 'granted',
    breakGlass: true,
    skippedApprovers: ['cleo', 'dan'],
  });
  expect(explainInWords(broken, (id) => id)).toContain('told: cleo, dan\n');
});

test.each<[Fields, string]>([
  [{ maxDuration: '2h' }, 'at most 2h'],
  [{ perDay: '8h' }, 'at most 8h within 24 hours'],
  [{ cooldown: '30m' }, 'a pause of 30m after the end of the last access'],
  [{ reason: { minLength: 9 } }, 'a reason of at least 9 letters and digits'],
  [{ ticket: { pattern: '^INC$' } }, 'a ticket that matches ^INC$'],
  [{ approval: { approvers: ['group:Leads'] } }, '1 approval by group:Leads on top'],
  [{ approval: { count: 2 } }, 'at least 2 approvals'],
  [{ approval: { self: false } }, 'that nobody approves their own request'],
])('a require says what it demands: %j', async (fields, words) => {
  const { policies: traces } = await explainIn({ policies: [allow(), demand(fields)] });
  expect(traces).toContainEqual({ name: 'require', effect: 'require', matched: true, why: `requires ${words}` });
});
