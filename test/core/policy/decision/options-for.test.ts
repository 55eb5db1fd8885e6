import { NO_FACTS } from '../../../../core/policy/decision/known-facts.ts';
import { optionsFor } from '../../../../core/policy/decision/options-for.ts';
import { policySetOf } from '../../../../core/policy/records/policy-set.ts';
import {
  ADMIN,
  allow,
  allowAfter,
  demand,
  deny,
  MONDAY_MORNING,
  PROD,
  READ,
  record,
  requestInputOf,
  STAGING,
} from '../world.ts';

const facts = { ...NO_FACTS, groupIds: new Map([['SRE', 'g-sre']]), tags: {}, ouPath: ['r-root', 'ou-prod'] };
const candidates = [
  {
    target: { accountId: PROD, permissionSetArn: ADMIN },
    facts: { ...facts, permissionSetName: 'AdministratorAccess' },
  },
  { target: { accountId: PROD, permissionSetArn: READ }, facts: { ...facts, permissionSetName: 'ReadOnlyAccess' } },
  { target: { accountId: STAGING, permissionSetArn: READ }, facts: { ...facts, permissionSetName: 'ReadOnlyAccess' } },
  { target: { groupId: 'g-oncall' }, facts: { ...facts, groupName: 'OnCall' } },
];
const offer = (policies: readonly object[], records = [record('nobody')], maxDurationSeconds?: number) =>
  optionsFor(policySetOf(policies), records, requestInputOf({}).person, candidates, {
    at: MONDAY_MORNING,
    ...(maxDurationSeconds === undefined ? {} : { maxDurationSeconds }),
  });

test('the form offers what a person may ask for, and nothing else', () => {
  const offered = offer([
    allow({ who: ['group:SRE'], maxDuration: '1h' }),
    { name: 'join', effect: 'allow', who: ['user:ana'], groups: ['OnCall'] },
  ]);
  expect(offered.map(({ target }) => target)).toEqual([
    { accountId: PROD, permissionSetArn: ADMIN },
    { groupId: 'g-oncall' },
  ]);
  expect(offered[0]).toMatchObject({
    maxDurationSeconds: 3600,
    withoutApprovalSeconds: 3600,
    reasonMinLength: 0,
    ticketPatterns: [],
  });
});

test('what a deny refuses is not offered', () => {
  expect(
    offer([allow({ permissionSets: '*' }), deny({ permissionSets: ['AdministratorAccess'] })]).map(
      ({ target }) => target,
    ),
  ).toEqual([{ accountId: PROD, permissionSetArn: READ }]);
});

test('nothing is offered if it is not known whether a deny applies to it', () => {
  expect(offer([allow(), deny({ who: ['group:Developers'] })])).toEqual([]);
});

test('the form says how long without approval, how long with it, and which reason and ticket are needed', () => {
  const [option] = offer([
    allow({ name: 'quick', maxDuration: '30m' }),
    allowAfter({}, { name: 'long', maxDuration: '8h' }),
    demand({ reason: { minLength: 10 }, ticket: { pattern: '^INC' } }),
  ]);
  expect(option).toEqual({
    target: { accountId: PROD, permissionSetArn: ADMIN },
    maxDurationSeconds: 8 * 3600,
    withoutApprovalSeconds: 1800,
    breakGlass: false,
    reasonMinLength: 10,
    ticketPatterns: ['^INC'],
  });
});

test('the form demands no ticket if one path does without', () => {
  const [option] = offer([allow({ name: 'a', ticket: { pattern: '^INC' } }), allow({ name: 'b' })]);
  expect(option?.ticketPatterns).toEqual([]);
});

test('the limit for everybody limits the form too', () => {
  expect(offer([], [record('ana')], 7200)[0]).toMatchObject({ maxDurationSeconds: 7200, withoutApprovalSeconds: 7200 });
});

test('a path that can never get the approval that a require adds is not offered', () => {
  expect(offer([allow(), demand({ approval: { count: 1 } })])).toEqual([]);
});
