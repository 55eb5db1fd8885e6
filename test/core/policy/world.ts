import type { AccessItem } from '../../../core/model/access-item.ts';
import type { Decision, RequestInput } from '../../../core/model/decision.ts';
import type { Target } from '../../../core/model/target.ts';
import { directoryOf, type Organization, parseOrganization } from '../../../core/policy/authoring/organization.ts';
import { decide } from '../../../core/policy/decision/decide.ts';
import { factsNeeded, gatherFacts } from '../../../core/policy/decision/facts.ts';
import type { Policy } from '../../../core/policy/records/policy.ts';
import { policySetOf, policySetOfItems, withPersons } from '../../../core/policy/records/policy-set.ts';

export const PROD = '123456789012';
export const PROD_EU = '210987654321';
export const STAGING = '234567890123';
export const MANAGEMENT = '999999999999';
const ARN = 'arn:aws:sso:::permissionSet/ssoins-12345';
export const ADMIN = `${ARN}/ps-admin`;
export const READ = `${ARN}/ps-read`;

/** A small company: production accounts (one in a nested unit), staging and management; groups SRE, Leads and so on. */
export const WORLD = organization({
  users: [
    { id: 'ana', userName: 'Ana', email: 'Ana@Example.com', groups: ['g-sre'] },
    { id: 'ben', userName: 'ben', email: 'ben@example.com', groups: ['g-dev'] },
    { id: 'cleo', userName: 'cleo', email: 'cleo@example.com', groups: ['g-leads'] },
    { id: 'dan', userName: 'dan', email: 'dan@example.com', groups: ['g-leads', 'g-directors'] },
    { id: 'eve', userName: 'eve', email: 'eve@example.com', groups: ['g-security'] },
    { id: 'off', userName: 'off', email: 'off@example.com', enabled: false, groups: ['g-leads', 'g-off'] },
    { id: 'twin-1', userName: 'twin@example.com', email: 'one@example.com', groups: [] },
    { id: 'twin-2', userName: 'two', email: 'Twin@example.com', groups: [] },
  ],
  groups: [
    { id: 'g-sre', name: 'SRE' },
    { id: 'g-dev', name: 'Developers' },
    { id: 'g-leads', name: 'Leads' },
    { id: 'g-directors', name: 'Directors' },
    { id: 'g-security', name: 'Security' },
    { id: 'g-empty', name: 'Empty' },
    { id: 'g-off', name: 'Leavers' },
    { id: 'g-oncall', name: 'OnCall' },
  ],
  accounts: [
    { id: PROD, name: 'Production', ou: ['r-root', 'ou-prod'], tags: { env: 'prod', tier: '1' } },
    { id: PROD_EU, name: 'Production EU', ou: ['r-root', 'ou-prod', 'ou-prod-eu'], tags: { env: 'prod' } },
    { id: STAGING, name: 'Staging', ou: ['r-root', 'ou-test'], tags: { env: 'staging' } },
    { id: MANAGEMENT, name: 'Management', ou: ['r-root'], tags: {} },
  ],
  permissionSets: [
    { arn: ADMIN, name: 'AdministratorAccess' },
    { arn: READ, name: 'ReadOnlyAccess' },
  ],
});

function organization(raw: unknown): Organization {
  const parsed = parseOrganization(raw);
  if ('problems' in parsed) throw new Error(parsed.problems.join('\n'));
  return parsed;
}

/** A request. By default Ana asks for AdministratorAccess in Production for an hour on a Monday morning. */
export interface DecisionInput {
  readonly user?: string;
  readonly account?: string;
  readonly set?: string;
  readonly group?: string;
  readonly hours?: number;
  readonly at?: string;
  readonly reason?: string;
  readonly ticket?: string;
  /** `cleo` approves, `!cleo` denies. */
  readonly votes?: readonly string[];
  readonly waitedMinutes?: number;
  readonly mostHours?: number;
  readonly withoutBreakGlass?: boolean;
}

export const MONDAY_MORNING = '2026-01-05T09:00:00Z';

/** What is evaluated for this request. */
export function requestInputOf(ask: DecisionInput, world: Organization = WORLD): RequestInput {
  const user = world.users.find(({ id }) => id === (ask.user ?? 'ana'));
  if (user === undefined) throw new Error(`no user ${ask.user}`);
  const target: Target =
    ask.group === undefined
      ? { accountId: ask.account ?? PROD, permissionSetArn: ask.set ?? ADMIN }
      : { groupId: ask.group };
  return {
    person: { principalId: user.id, userName: user.userName, email: user.email, groupIds: user.groups },
    target,
    durationSeconds: (ask.hours ?? 1) * 3600,
    reason: ask.reason ?? '',
    ticket: ask.ticket ?? '',
    at: ask.at ?? MONDAY_MORNING,
    votes: (ask.votes ?? []).map((vote) =>
      vote.startsWith('!') ? { principalId: vote.slice(1), vote: 'deny' } : { principalId: vote, vote: 'approve' },
    ),
    names: namesOf(target, world),
    waitedSeconds: (ask.waitedMinutes ?? 0) * 60,
    ...(ask.mostHours === undefined ? {} : { maxDurationSeconds: ask.mostHours * 3600 }),
    ...(ask.withoutBreakGlass === undefined ? {} : { withoutBreakGlass: ask.withoutBreakGlass }),
  };
}

/** The names of the target. A caller has looked them up before it asks for a decision. */
function namesOf(target: Target, world: Organization): NonNullable<RequestInput['names']> {
  if ('groupId' in target) {
    const groupName = world.groups.find(({ id }) => id === target.groupId)?.name;
    return groupName === undefined ? {} : { groupName };
  }
  const permissionSetName = world.permissionSets.find(({ arn }) => arn === target.permissionSetArn)?.name;
  return permissionSetName === undefined ? {} : { permissionSetName };
}

export interface Held {
  readonly policies: readonly object[];
  /** Further policies that are parsed already, so that many of them are not parsed anew for each request. */
  readonly alreadyRead?: readonly Policy[];
  readonly records?: readonly AccessItem[];
  readonly ask?: DecisionInput;
}

/** Decides as the program does: only the facts that the request needs are looked up. */
export async function decideIn(
  { policies, alreadyRead = [], records = [], ask = {} }: Held,
  world: Organization = WORLD,
): Promise<Decision> {
  const read = policySetOf(policies);
  const all = alreadyRead.length === 0 ? read : policySetOfItems([...alreadyRead, ...read.policies], read.unreadable);
  const policySet = withPersons(all, records);
  const requestInput = requestInputOf(ask, world);
  const facts = await gatherFacts(factsNeeded(policySet, records, requestInput), directoryOf(world), {
    checkAll: true,
  });
  return decide(policySet, records, requestInput, facts);
}

/** Decides as `policy explain` does: everything is looked up, and every policy judged. */
export async function explainIn(
  { policies, records = [], ask = {} }: Held,
  world: Organization = WORLD,
): Promise<Decision> {
  const policySet = withPersons(policySetOf(policies), records);
  const requestInput = requestInputOf(ask, world);
  const request = factsNeeded(policySet, records, requestInput, undefined, true);
  const facts = await gatherFacts(request, directoryOf(world), { checkAll: true });
  return decide(policySet, records, requestInput, facts, { all: true });
}

/** Fields of a policy or record, as somebody writes them. */
export type Fields = Readonly<Record<string, unknown>>;

/** An allow of AdministratorAccess in Production for everyone, without approval. */
export const allow = (fields: Fields = {}): object => ({
  name: 'allow',
  effect: 'allow',
  who: ['everyone'],
  accounts: [PROD],
  permissionSets: ['AdministratorAccess'],
  ...fields,
});

/** The same, after the approval of one of Leads. */
export const allowAfter = (approval: Fields = {}, fields: Fields = {}): object =>
  allow({ approval: { approvers: ['group:Leads'], ...approval }, ...fields });

/** A deny of everything to everyone. */
export const deny = (fields: Fields = {}): object => ({ name: 'deny', effect: 'deny', who: ['everyone'], ...fields });

/** A require for everything and everyone; give it something to require. */
export const demand = (fields: Fields): object => ({
  name: 'require',
  effect: 'require',
  who: ['everyone'],
  ...fields,
});

export const record = (principal: string, fields: Fields = {}): AccessItem => ({
  id: `access#${PROD}#${ADMIN}#${principal}`,
  ...fields,
});
