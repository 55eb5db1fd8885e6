import type { Settings } from '../../../lambdas/shared/settings.ts';
import { readSeed } from '../../../sandbox/aws/world/seed.ts';
import type { Seed } from '../../../sandbox/aws/world/seed-schema.ts';
import { GUARDED_SETS } from '../../scenarios/support/guarded-sets.ts';

const SETS = 'arn:aws:sso:::permissionSet/ssoins-12345';
const PRODUCTION = '123456789012';
export const STAGING = '234567890123';
const SANDBOX = '345678901234';

/** Something that people can ask for, and what the policies below say about it in short. */
export interface Wanted {
  readonly name: string;
  readonly target: { readonly accountId: string; readonly permissionSetArn: string } | { readonly groupId: string };
  /** Who may have it, which item of the access table allows it, and on which conditions. */
  readonly who: readonly string[];
  readonly recordId: string;
  readonly longestSeconds: number;
  readonly approvals: number;
}

/** People of the simulated company: Slack user -> principal. */
export const PEOPLE: Readonly<Record<string, string>> = {
  U0ANA: 'user-ana',
  U0BEN: 'user-ben',
  U0CLEO: 'user-cleo',
  U0DAN: 'user-dan',
};
export const ASKERS = ['U0ANA', 'U0BEN'] as const;
export const APPROVERS = ['U0CLEO', 'U0DAN'] as const;
const APPROVER_IDS: readonly string[] = APPROVERS.map((slackId) => PEOPLE[slackId] ?? '');

/** Everything that can be asked for. The order is part of what a seed means. */
export const WANTED: readonly Wanted[] = [
  {
    name: 'production, by record',
    target: { accountId: PRODUCTION, permissionSetArn: `${SETS}/ps-12345` },
    who: ['user-ana'],
    recordId: `access#${PRODUCTION}#${SETS}/ps-12345#user-ana`,
    longestSeconds: 12 * 3600,
    approvals: 0,
  },
  {
    name: 'staging, by policy',
    target: { accountId: STAGING, permissionSetArn: `${SETS}/ps-power` },
    who: ['user-ana', 'user-ben'],
    recordId: 'policy#staging',
    longestSeconds: 1800,
    approvals: 0,
  },
  {
    name: 'production, with one approval',
    target: { accountId: PRODUCTION, permissionSetArn: `${SETS}/ps-admin` },
    who: ['user-ana', 'user-ben'],
    recordId: 'policy#production',
    longestSeconds: 3600,
    approvals: 1,
  },
  {
    name: 'production, with two approvals',
    target: { accountId: PRODUCTION, permissionSetArn: `${SETS}/ps-read` },
    who: ['user-ana', 'user-ben'],
    recordId: 'policy#two',
    longestSeconds: 3600,
    approvals: 2,
  },
  {
    name: 'the on-call group',
    target: { groupId: 'group-oncall' },
    who: ['user-ana', 'user-ben'],
    recordId: 'policy#oncall',
    longestSeconds: 3600,
    approvals: 0,
  },
  {
    name: 'the sandbox account, by breaking the glass',
    target: { accountId: SANDBOX, permissionSetArn: `${SETS}/ps-admin` },
    who: ['user-ana'],
    recordId: 'policy#glass',
    longestSeconds: 1800,
    approvals: 0,
  },
];

/** The policies that `WANTED` summarizes. */
const POLICIES = {
  staging: {
    who: ['group:Developers', 'group:SRE'],
    accounts: [STAGING],
    permissionSets: ['PowerUserAccess'],
    maxDuration: '30m',
  },
  production: {
    who: ['group:Developers', 'group:SRE'],
    accounts: ['ou:ou-prod'],
    permissionSets: ['AdministratorAccess'],
    maxDuration: '1h',
    approval: { approvers: ['group:Leads'], count: 1, expires: '25m', remind: '8m' },
  },
  two: {
    who: ['group:Developers', 'group:SRE'],
    accounts: [PRODUCTION],
    permissionSets: ['ReadOnlyAccess'],
    maxDuration: '1h',
    approval: { approvers: ['group:Leads'], count: 2, expires: '25m', remind: '10m' },
  },
  oncall: { who: ['group:Developers', 'group:SRE'], groups: ['group-oncall'], maxDuration: '1h' },
  glass: {
    who: ['group:SRE'],
    accounts: [SANDBOX],
    permissionSets: ['AdministratorAccess'],
    maxDuration: '30m',
    approval: { approvers: ['group:Leads'], count: 1 },
    breakGlass: true,
  },
} as const;

type Item = Record<string, Record<string, unknown>>;

/** The items of the access table that allow access, by id. */
export const ALLOWING: Readonly<Record<string, Item>> = Object.fromEntries([
  ...WANTED.filter(({ recordId }) => recordId.startsWith('access#')).map(({ recordId }) => [
    recordId,
    { id: { S: recordId } },
  ]),
  ...Object.entries(POLICIES).map(([name, fields]) => [
    `policy#${name}`,
    { id: { S: `policy#${name}` }, effect: { S: 'allow' }, ...attributes(fields) },
  ]),
]);

/** A deny of one target for everyone, which steps write and delete. */
export function denyItem(wanted: Wanted): Item {
  const { target } = wanted;
  const scope =
    'groupId' in target
      ? { groups: [target.groupId] }
      : { accounts: [target.accountId], permissionSets: [target.permissionSetArn] };
  return { id: { S: denyId(wanted) }, effect: { S: 'deny' }, ...attributes({ who: ['everyone'], ...scope }) };
}

export function denyId({ recordId }: Wanted): string {
  return `policy#deny-${recordId.replace(/[^a-z]+/gi, '-').slice(0, 60)}`;
}

/** The company as a seed for the emulators. */
export function fixtureSeed(provisioningSeconds: number): Seed {
  return readSeed({
    permissionSets: GUARDED_SETS,
    identityCenter: { provisioningSeconds },
    cloudTrail: { enabledRegions: ['eu-central-1'] },
    accessRecords: [
      ...Object.entries(PEOPLE).map(([slackId, id]) => ({
        id: { S: `principal#${slackId}` },
        ssoPrincipal: { S: id },
      })),
      ...Object.values(ALLOWING),
    ],
  });
}

/**
 * The operator's settings: short times and one Region, so that a history is over soon. Assignments that administrators
 * make in the staging account are removed once an operator has confirmed drift removal.
 */
export function fixtureSettings(settings: Settings): Settings {
  const staging: Settings['drift']['rules'][number] = {
    accounts: [STAGING],
    permissionSets: ['*'],
    groups: [],
    action: 'revoke',
    graceSeconds: 300,
  };
  return {
    ...settings,
    access: { ...settings.access, warnBeforeEndSeconds: 120, grantTimeoutSeconds: 300 },
    report: { ...settings.report, regions: ['eu-central-1'], deliveryDelaySeconds: DELIVERY_SECONDS },
    drift: { ...settings.drift, rules: [staging], everySeconds: 3600 },
  };
}

/** CloudTrail has this long to deliver before a report is final. */
export const DELIVERY_SECONDS = 900;

/** What decides at one instant whether a person may have a target. */
export interface Rules {
  /** Ids of the existing items of the access table, both allowing and denying. */
  readonly records: ReadonlySet<string>;
  readonly frozen: boolean;
  /** Principal ids. */
  readonly disabled: ReadonlySet<string>;
}

/**
 * Whether this person may have this target for this long with these votes. Written independently of the program and
 * much shorter, so that the two can disagree.
 */
export function mayHave(
  rules: Rules,
  ask: {
    readonly principalId: string;
    readonly wanted: Wanted;
    readonly durationSeconds: number;
    readonly votes: readonly { readonly principalId: string; readonly vote: string }[];
  },
): boolean {
  const { wanted, principalId, votes } = ask;
  if (rules.frozen || rules.disabled.has(principalId)) return false;
  if (!rules.records.has(wanted.recordId) || rules.records.has(denyId(wanted))) return false;
  if (!wanted.who.includes(principalId) || ask.durationSeconds > wanted.longestSeconds) return false;
  if (wanted.approvals === 0) return true;
  // In the order of casting: a no after enough approvals comes too late, and so does an approval after a no.
  const approvers = new Set<string>();
  for (const { principalId: voter, vote } of votes) {
    if (vote === 'deny') return false;
    if (voter !== principalId && APPROVER_IDS.includes(voter)) approvers.add(voter);
    if (approvers.size >= wanted.approvals) return true;
  }
  return false;
}

/** Converts plain values to attributes of a DynamoDB item. */
function attributes(fields: Readonly<Record<string, unknown>>): Item {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, attribute(value)]));
}

function attribute(value: unknown): Record<string, unknown> {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (Array.isArray(value)) return { L: value.map(attribute) };
  return { M: attributes(value as Record<string, unknown>) };
}
