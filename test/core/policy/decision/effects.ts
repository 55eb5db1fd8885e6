import { ADMIN, allow, allowAfter, deny, type Fields, PROD, READ, record, STAGING } from '../world.ts';
import type { DecisionCase } from './case.ts';

const denied = (it: string, fields: Fields, ask: DecisionCase['ask'] = {}): DecisionCase => ({
  it,
  policies: [allow(), deny(fields)],
  ask,
  outcome: 'refused',
  refusal: 'denied-by-policy',
});
const notDenied = (it: string, fields: Fields): DecisionCase => ({
  it,
  policies: [allow(), deny(fields)],
  outcome: 'granted',
});

/** Rule 1: a matching deny refuses, whatever else matches. */
export const DENIES: readonly DecisionCase[] = [
  denied('a deny of everything to everyone stops everything', {}),
  denied('a deny about the person stops', { who: ['user:ana@example.com'] }),
  denied('a deny about their group stops', { who: ['group:SRE'] }),
  denied('a deny about the account stops every permission set', { accounts: [PROD] }),
  denied('a deny about the unit above stops', { accounts: ['ou:ou-prod'] }),
  denied('a deny about the tag stops', { accounts: ['tag:tier=1'] }),
  denied('a deny about the permission set stops in every account', { permissionSets: ['AdministratorAccess'] }),
  denied('a deny by ARN stops', { permissionSets: [ADMIN] }),
  notDenied('a deny about somebody else stops nothing', { who: ['user:ben'] }),
  notDenied('a deny about another account stops nothing', { accounts: [STAGING] }),
  notDenied('a deny about another permission set stops nothing', { permissionSets: ['ReadOnlyAccess'] }),
  notDenied('a deny about another tag value stops nothing', { accounts: ['tag:tier=2'] }),
  notDenied('a deny about groups does not touch accounts', { groups: ['*'] }),
  notDenied('a deny about a group that is gone denies nobody', { who: ['group:Gone'] }),
  {
    it: 'a deny wins over an access record',
    policies: [deny()],
    records: [record('ana')],
    outcome: 'refused',
    refusal: 'denied-by-policy',
  },
  {
    it: 'a deny wins over votes that were given',
    policies: [allowAfter(), deny()],
    ask: { votes: ['cleo'] },
    outcome: 'refused',
    refusal: 'denied-by-policy',
  },
  {
    it: 'a deny wins over break glass',
    policies: [allow({ breakGlass: true }), deny()],
    outcome: 'refused',
    refusal: 'denied-by-policy',
  },
  {
    it: 'a deny of joining groups stops joining',
    policies: [{ name: 'a', effect: 'allow', who: ['everyone'], groups: ['*'] }, deny({ groups: ['OnCall'] })],
    ask: { group: 'g-oncall' },
    outcome: 'refused',
    refusal: 'denied-by-policy',
  },
  {
    it: 'the refusal by a deny names another permission set that the person may have',
    policies: [
      allow({ permissionSets: ['AdministratorAccess', 'ReadOnlyAccess'] }),
      deny({ permissionSets: ['AdministratorAccess'] }),
    ],
    outcome: 'refused',
    refusal: 'denied-by-policy',
    nearest: 'ReadOnlyAccess in this account, by policy allow',
  },
];

/** Rule 2: each allow and each record is a path of its own. */
export const PATHS: readonly DecisionCase[] = [
  {
    it: 'an access record grants its user',
    policies: [],
    records: [record('ana')],
    outcome: 'granted',
    path: record('ana').id,
  },
  { it: 'an access record grants members of its group', policies: [], records: [record('g-sre')], outcome: 'granted' },
  {
    it: "somebody else's record grants nothing",
    policies: [],
    records: [record('ben')],
    outcome: 'refused',
    refusal: 'not-allowed',
  },
  {
    it: 'a record by name grants the ids in its set',
    policies: [],
    records: [{ id: `access#${PROD}#AdministratorAccess#${ADMIN}`, principals: new Set(['ana', 'g-dev']) }],
    outcome: 'granted',
  },
  {
    it: 'a record by name without principals grants nobody',
    policies: [],
    records: [{ id: `access#${PROD}#AdministratorAccess#${ADMIN}` }],
    outcome: 'refused',
    refusal: 'not-allowed',
  },
  {
    it: 'a record whose name is not that of its permission set grants nobody',
    policies: [],
    records: [{ id: `access#${PROD}#Admin#${ADMIN}`, principals: new Set(['ana']) }],
    outcome: 'refused',
    refusal: 'not-allowed',
  },
  {
    it: 'a record for another permission set grants nothing here',
    policies: [],
    records: [{ id: `access#${PROD}#${READ}#ana` }],
    outcome: 'refused',
    refusal: 'not-allowed',
  },
  {
    it: 'a record limits the length',
    policies: [],
    records: [record('ana', { maxDuration: '30m' })],
    outcome: 'refused',
    refusal: 'too-long',
    maxHours: 0.5,
  },
  {
    it: 'a record with an unreadable length grants nothing at all',
    policies: [],
    records: [record('ana', { maxDuration: '4' })],
    outcome: 'refused',
    refusal: 'malformed-record',
    says: 'maxDuration must be a duration with a unit',
  },
  {
    it: 'a record with a misspelt field grants nothing, since it may have been a limit',
    policies: [],
    records: [record('ana', { maxDuraton: '1h' })],
    outcome: 'refused',
    refusal: 'malformed-record',
  },
  ...[
    ['of another account', `access#${STAGING}#${ADMIN}#ana`],
    ['of another permission set', `access#${PROD}#${READ}#ana`],
    ['of somebody else', `access#${PROD}#${ADMIN}#ben`],
    ['whose target cannot be read', 'access#'],
  ].map(([of, id = '']) => ({
    it: `a malformed record ${of} is not why this is refused`,
    policies: [],
    records: [{ id, maxDuration: 4 }],
    outcome: 'refused' as const,
    refusal: 'not-allowed' as const,
  })),
  {
    it: 'a malformed record does not spoil a good one',
    policies: [],
    records: [record('ana', { maxDuration: 4 }), record('g-sre')],
    outcome: 'granted',
    path: record('g-sre').id,
  },
  {
    it: 'a request too long for the path without approval waits for approval on the longer path',
    policies: [allow({ name: 'quick', maxDuration: '1h' }), allowAfter({}, { name: 'long', maxDuration: '8h' })],
    ask: { hours: 4 },
    outcome: 'needs-approval',
    path: 'long',
    needs: ['long: 1 of cleo, dan'],
    maxHours: 8,
  },
  {
    it: 'a path without approval is taken before one that needs approval',
    policies: [allow({ name: 'quick', maxDuration: '1h' }), allowAfter({}, { name: 'long', maxDuration: '8h' })],
    outcome: 'granted',
    path: 'quick',
    maxHours: 1,
  },
  {
    it: 'the reason one path demands is not demanded on the other',
    policies: [allow({ name: 'a', reason: { minLength: 10 } }), allow({ name: 'b' })],
    outcome: 'granted',
    path: 'b',
  },
  {
    it: 'approvers of one path do not vote on another',
    policies: [
      allowAfter({}, { name: 'leads', maxDuration: '1h' }),
      allowAfter({ approvers: ['group:Security'] }, { name: 'security' }),
    ],
    ask: { hours: 2, votes: ['cleo'] },
    outcome: 'needs-approval',
    needs: ['security: 1 of eve'],
    refusedVotes: ['cleo: not-approver'],
  },
  {
    it: 'votes on two half-approved paths do not add up',
    policies: [
      allowAfter({ approvers: ['user:cleo', 'user:eve'], count: 2 }, { name: 'a' }),
      allowAfter({ approvers: ['user:dan', 'user:ben'], count: 2 }, { name: 'b' }),
    ],
    ask: { votes: ['cleo', 'dan'] },
    outcome: 'needs-approval',
    approvers: ['ben', 'eve'],
  },
  {
    it: 'of several waiting paths the first that is satisfied wins',
    policies: [
      allowAfter({ count: 2 }, { name: 'two-leads' }),
      allowAfter({ approvers: ['group:Security'] }, { name: 'one-security' }),
    ],
    ask: { votes: ['cleo', 'eve'] },
    outcome: 'granted',
    path: 'one-security',
  },
  {
    it: 'the approvers of every waiting path are asked',
    policies: [allowAfter({}, { name: 'leads' }), allowAfter({ approvers: ['group:Security'] }, { name: 'security' })],
    outcome: 'needs-approval',
    approvers: ['cleo', 'dan', 'eve'],
  },
];
