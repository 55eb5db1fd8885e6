import { type Call, field } from '../call.ts';
import { remembered } from '../remember.ts';
import type { FlagId } from './flag-ids.ts';

/** A rule that raises a flag: the names of calls, and the condition under which such a call is harmless. */
export interface FlagRule {
  readonly id: string;
  readonly flag: FlagId;
  /** `service:Call`, the service as CloudTrail names it, the call without version suffix. */
  readonly actions: readonly string[];
  /** Why a reviewer should look. */
  readonly why: string;
  /** The harmless explanation, which a reviewer should consider first. */
  readonly benign: string;
  /** True if the record itself shows that the call is harmless. A record that does not show it raises the flag. */
  readonly harmless?: (call: Call) => boolean;
}

/**
 * EC2 wraps each list twice: `ipPermissions.items[].ipRanges.items[].cidrIp`. Lists are read to their end: CloudTrail
 * keeps a record to 256 KB.
 */
const DEEPEST = 10;

/** Can every value in the parameters of a call be found by `given`? What is nested deeper than it reads cannot. */
export function isReadWhole(call: Pick<Call, 'request'>): boolean {
  return isWithin(call.request, DEEPEST);
}

function isWithin(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((inner) => isWithin(inner, depth - 1));
}

/** Every value of a member in the parameters of a call, ignoring case, to a depth of ten. */
export function given(call: Pick<Call, 'request'>, member: string): readonly unknown[] {
  return valuesIn(call.request, member.toLowerCase(), DEEPEST);
}

/** Every value of a member within a value. @param member in lower case */
export function valuesIn(value: unknown, member: string, depth: number): readonly unknown[] {
  const found: unknown[] = [];
  collectValues(value, member, depth, found);
  return found;
}

function collectValues(value: unknown, member: string, depth: number, found: unknown[]): void {
  if (typeof value !== 'object' || value === null || depth === 0) return;
  if (Array.isArray(value)) {
    for (const item of value) collectValues(item, member, depth - 1, found);
    return;
  }
  for (const name in value) {
    const inner = (value as Readonly<Record<string, unknown>>)[name];
    if (name.length === member.length && name.toLowerCase() === member) found.push(inner);
    else collectValues(inner, member, depth - 1, found);
  }
}

/**
 * The texts, numbers and booleans among the values, as texts that are not empty. Lists are flattened, because S3
 * headers are recorded as lists with one value.
 */
export function texts(values: readonly unknown[]): readonly string[] {
  return values
    .flat()
    .filter((value) => ['string', 'number', 'boolean'].includes(typeof value))
    .map(String)
    .filter((text) => text !== '');
}

/** The first value of the first of these members that has one; empty if none has. */
export function firstGiven(call: Pick<Call, 'request'>, ...members: readonly string[]): string {
  for (const member of members) {
    const [text] = texts(given(call, member));
    if (text !== undefined) return text;
  }
  return '';
}

/** Is a member given, and does every occurrence equal one of the allowed values, ignoring case? */
export function isOnly(call: Pick<Call, 'request'>, member: string, ...allowed: readonly string[]): boolean {
  const values = texts(given(call, member));
  const lower = allowed.map((one) => one.toLowerCase());
  return values.length > 0 && values.every((value) => lower.includes(value.toLowerCase()));
}

/** Did an AWS service make the call on the caller's behalf? CloudTrail then gives its host name as the address. */
export function isByService({ address }: Pick<Call, 'address'>): boolean {
  return address.includes('.amazonaws.com') && /^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/.test(address);
}

/**
 * Private address ranges, from which nobody on the internet can call, and the shortest prefix that stays within each:
 * EC2 takes `10.0.0.0/0` for `0.0.0.0/0`.
 */
const PRIVATE: readonly (readonly [RegExp, number])[] = [
  [/^10\./, 8],
  [/^172\.(1[6-9]|2\d|3[01])\./, 12],
  [/^192\.168\./, 16],
  [/^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./, 10],
  [/^f[cd]/i, 7],
];

function isPrivate(range: string): boolean {
  const [address = '', prefix = '128'] = range.split('/');
  return PRIVATE.some(([beginning, shortest]) => beginning.test(address) && Number(prefix) >= shortest);
}

/** The address ranges a call names. */
export function rangesIn(call: Pick<Call, 'request'>): readonly string[] {
  return [
    'cidrIp',
    'cidrIpv4',
    'cidrIpv6',
    'cidrBlock',
    'ipv6CidrBlock',
    'destinationCidrBlock',
    'destinationIpv6CidrBlock',
  ]
    .flatMap((member) => texts(given(call, member)))
    .filter((range) => /[.:]/.test(range));
}

/**
 * Does a call name only private address ranges and security groups of the account? False for prefix lists, whose
 * contents a record does not show, and for groups of other accounts.
 */
export function isWithinNetwork(call: Pick<Call, 'request' | 'identity'>): boolean {
  const ranges = rangesIn(call);
  const groups = given(call, 'groups');
  const owners = groups.flatMap((group) => texts(valuesIn(group, 'userid', DEEPEST)));
  const named = [
    ...given(call, 'sourceSecurityGroupId'),
    ...given(call, 'referencedGroupId'),
    ...groups.flatMap((group) => valuesIn(group, 'groupid', DEEPEST)),
  ];
  const lists = given(call, 'prefixListIds').flatMap((list) => texts(valuesIn(list, 'prefixlistid', DEEPEST)));
  const isOpen =
    !ranges.every(isPrivate) ||
    lists.length > 0 ||
    texts(given(call, 'prefixListId')).length > 0 ||
    owners.some((owner) => owner !== call.identity.accountId);
  return !isOpen && ranges.length + texts(named).length > 0;
}

/** The policy documents in the parameters of a call, parsed; those that cannot be read are left out. */
export function policiesIn(call: Pick<Call, 'request'>): readonly unknown[] {
  return writtenPolicies(call).flatMap((value) => {
    const policy = policyOf(value);
    return policy === undefined ? [] : [policy];
  });
}

/** The policy documents as the record has them. S3 records an empty text beside the policy that was put. */
export function writtenPolicies({ request }: Pick<Call, 'request'>): readonly unknown[] {
  const found: unknown[] = [];
  collectPolicies(request, DEEPEST, found);
  return found.flat().filter((value) => value != null && value !== '');
}

function policyOf(value: unknown): unknown {
  const policy = typeof value === 'string' ? jsonOf(value) : value;
  return field(policy, 'Statement') === '' ? undefined : policy;
}

function collectPolicies(value: unknown, depth: number, found: unknown[]): void {
  if (typeof value !== 'object' || value === null || depth === 0) return;
  if (Array.isArray(value)) {
    for (const item of value) collectPolicies(item, depth - 1, found);
    return;
  }
  for (const name in value) {
    const inner = (value as Readonly<Record<string, unknown>>)[name];
    if (holdsAPolicy(name)) found.push(inner);
    else if (typeof inner === 'object') collectPolicies(inner, depth - 1, found);
  }
}

const holdsAPolicy = remembered((name) => HOLDS_A_POLICY.has(name.toLowerCase()));

const HOLDS_A_POLICY: ReadonlySet<string> = new Set(
  [
    'policy',
    'policyDocument',
    'bucketPolicy',
    'policyText',
    'resourcePolicy',
    'assumeRolePolicyDocument',
    'keyPolicy',
    'policyInJson',
    'accessPolicies',
  ].map((name) => name.toLowerCase()),
);

/** Some services record the document URL-encoded. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text.startsWith('%7B') ? decodeURIComponent(text) : text);
  } catch {
    return undefined;
  }
}

export interface Statement {
  readonly effect: string;
  /** `* but ...` for everybody except those that a statement names. */
  readonly principals: readonly string[];
  readonly actions: readonly string[];
}

/** The statements of a policy document. */
export function statementsIn(policy: unknown): readonly Statement[] {
  return statementsOf(policy).map((statement) => ({
    effect: String(field(statement, 'Effect')),
    principals: namesIn(statement, 'Principal', principalsIn),
    actions: namesIn(statement, 'Action', (value) => texts([value].flat())),
  }));
}

function statementsOf(policy: unknown): readonly unknown[] {
  return [field(policy, 'Statement')].flat();
}

function namesIn(
  statement: unknown,
  member: 'Action' | 'Principal',
  read: (value: unknown) => readonly string[],
): readonly string[] {
  const others = read(field(statement, `Not${member}`));
  return others.length > 0 ? [`* but ${others.join(', ')}`] : read(field(statement, member));
}

function principalsIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return texts([value]);
  return texts(Object.values(value).flat());
}

/**
 * Do the policies in a call admit only the account itself and AWS services? False if it has no policy, and if one of
 * them cannot be read.
 */
export function keepsToAccount(call: Pick<Call, 'request' | 'identity'>): boolean {
  const policies = writtenPolicies(call).map(policyOf);
  const admitsOwn = (statement: unknown) =>
    field(statement, 'Effect') === 'Deny' || isInside(field(statement, 'Principal'), call.identity.accountId);
  return (
    policies.length > 0 && policies.every((policy) => policy !== undefined && statementsOf(policy).every(admitsOwn))
  );
}

/**
 * Are all principals of a statement of the account, or AWS services? False if it names none, as one with `NotPrincipal`.
 * As `Federated`, `cognito-identity.amazonaws.com` stands for people who have signed in anywhere.
 */
function isInside(principal: unknown, accountId: string): boolean {
  if (typeof principal !== 'object' || principal === null) return false;
  const kinds = Object.entries(principal).map(([kind, value]) => ({ kind, named: [value].flat() }));
  const isOwn = (name: unknown) =>
    typeof name === 'string' && accountId !== '' && (name === accountId || name.split(':')[4] === accountId);
  const isService = (name: unknown) => typeof name === 'string' && name.endsWith('.amazonaws.com');
  return (
    kinds.some(({ named }) => named.length > 0) &&
    kinds.every(({ kind, named }) => named.every(kind === 'Service' ? isService : isOwn))
  );
}
