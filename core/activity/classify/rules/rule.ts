import { type Call, field } from '../call.ts';
import { remembered } from '../remember.ts';
import type { FlagId } from './flag-ids.ts';

/** What raises a flag: calls by name, with the condition under which one of them is harmless after all. */
export interface FlagRule {
  readonly id: string;
  readonly flag: FlagId;
  /** `service:Call`, the service as CloudTrail names it, the call without version suffix. */
  readonly actions: readonly string[];
  /** Why a reviewer should look. */
  readonly why: string;
  /** When it is nothing: what a reviewer should think of first. */
  readonly benign: string;
  /** True where the record itself shows that it is nothing. A record that does not show it raises the flag. */
  readonly harmless?: (call: Call) => boolean;
}

/** EC2 wraps each list twice: `ipPermissions.items[].ipRanges.items[].cidrIp`. */
const DEEPEST = 10;
/** Of a list, so many are looked at. */
const MOST_ITEMS = 50;

/** Every value of a member, in upper or lower case, at whatever depth of what the call was given. */
export function given(call: Pick<Call, 'request'>, member: string): readonly unknown[] {
  return valuesIn(call.request, member.toLowerCase(), DEEPEST);
}

/** Every value of a member, in lower case, within a value. */
export function valuesIn(value: unknown, member: string, depth: number): readonly unknown[] {
  const found: unknown[] = [];
  collectValues(value, member, depth, found);
  return found;
}

function collectValues(value: unknown, member: string, depth: number, found: unknown[]): void {
  if (typeof value !== 'object' || value === null || depth === 0) return;
  if (Array.isArray(value)) {
    for (const item of value.slice(0, MOST_ITEMS)) collectValues(item, member, depth - 1, found);
    return;
  }
  for (const name in value) {
    const inner = (value as Readonly<Record<string, unknown>>)[name];
    if (name.length === member.length && name.toLowerCase() === member) found.push(inner);
    else collectValues(inner, member, depth - 1, found);
  }
}

/** Texts only, and numbers and booleans as text. S3 records headers as lists of one. */
export function texts(values: readonly unknown[]): readonly string[] {
  return values
    .flat()
    .filter((value) => ['string', 'number', 'boolean'].includes(typeof value))
    .map(String)
    .filter((text) => text !== '');
}

/** The first value of the first of these members that has one. */
export function firstGiven(call: Pick<Call, 'request'>, ...members: readonly string[]): string {
  for (const member of members) {
    const [text] = texts(given(call, member));
    if (text !== undefined) return text;
  }
  return '';
}

/** Is a member given, and equal to one of these in every place, whatever the letters? */
export function isOnly(call: Pick<Call, 'request'>, member: string, ...allowed: readonly string[]): boolean {
  const values = texts(given(call, member));
  const lower = allowed.map((one) => one.toLowerCase());
  return values.length > 0 && values.every((value) => lower.includes(value.toLowerCase()));
}

/** Made by an AWS service on the person's behalf: CloudTrail gives the service's host name as the address. */
export function isByService({ address }: Pick<Call, 'address'>): boolean {
  return address.includes('.amazonaws.com') && /^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/.test(address);
}

/** Ranges nobody outside can call from. */
const PRIVATE = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd])/i;

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
 * Does a call name private address ranges and security groups of the account alone? What a prefix list holds, a record does not say, and
 * a group of another account is not within.
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
    ranges.some((range) => !PRIVATE.test(range)) ||
    lists.length > 0 ||
    texts(given(call, 'prefixListId')).length > 0 ||
    owners.some((owner) => owner !== call.identity.accountId);
  return !isOpen && ranges.length + texts(named).length > 0;
}

/** Policy documents among what a call was given, parsed. */
export function policiesIn(call: Pick<Call, 'request'>): readonly unknown[] {
  const found: unknown[] = [];
  collectPolicies(call.request, DEEPEST, found);
  return found.flatMap((value) => {
    const policy = typeof value === 'string' ? jsonOf(value) : value;
    return field(policy, 'Statement') === '' ? [] : [policy];
  });
}

function collectPolicies(value: unknown, depth: number, found: unknown[]): void {
  if (typeof value !== 'object' || value === null || depth === 0) return;
  if (Array.isArray(value)) {
    for (const item of value.slice(0, MOST_ITEMS)) collectPolicies(item, depth - 1, found);
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
  readonly principals: readonly string[];
  readonly actions: readonly string[];
}

/** The statements of a policy document. */
export function statementsIn(policy: unknown): readonly Statement[] {
  const statements = field(policy, 'Statement');
  return (Array.isArray(statements) ? statements : [statements]).map((statement) => ({
    effect: String(field(statement, 'Effect')),
    principals: principalsIn(field(statement, 'Principal')),
    actions: texts([field(statement, 'Action') || field(statement, 'NotAction')].flat()),
  }));
}

function principalsIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return texts([value]);
  return texts(Object.values(value).flat());
}

/** Do the policies that a call gives let in nobody but the account itself and AWS services? */
export function keepsToAccount(call: Pick<Call, 'request' | 'identity'>): boolean {
  const policies = policiesIn(call);
  const { accountId } = call.identity;
  const isInside = (principal: string) =>
    principal.endsWith('.amazonaws.com') || (accountId !== '' && principal.split(':').includes(accountId));
  return (
    policies.length > 0 &&
    policies.flatMap(statementsIn).every(({ effect, principals }) => effect === 'Deny' || principals.every(isInside))
  );
}
