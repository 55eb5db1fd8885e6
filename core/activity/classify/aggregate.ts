import { compareText, isPlainAscii, oneLine } from '../../model/text.ts';
import type { Matcher } from '../read/match.ts';
import type { ReportPlan } from '../read/plan.ts';
import { type Call, field, parseCall, roleSessionOf } from './call.ts';
import { type CallKind, kindOf } from './call-kind.ts';
import {
  type ActivityDigest,
  type ChainedRole,
  compareRowKeys,
  type FlagAggregate,
  LIMITS,
  type RowAggregate,
  rowKey,
  type Span,
} from './digest.ts';
import { FLAGS, type FlagId, flagsOfCall, isRoleChaining } from './flags.ts';
import { resourcesOf } from './resources.ts';

/** Whose calls a page was looked up for. */
export interface Subject {
  readonly accountId: string;
  /** Set for a session gone on as another role; absent for the person's own. */
  readonly accessKeyId?: string;
  /** The role gone on as; empty for the permission set's own role. */
  readonly as: string;
}

export interface AggregateContext {
  readonly plan: Pick<ReportPlan, 'accessEnded'>;
  readonly match: Matcher;
  readonly subject: Subject;
}

/**
 * Folds one page of records into the digest, which it changes; nothing of the page is kept beside it. The order of pages and
 * of records does not matter to the counts.
 *
 * @returns the sessions as other roles that these calls began, to be followed
 */
export function aggregatePage(
  digest: ActivityDigest,
  records: Iterable<unknown>,
  context: AggregateContext,
): readonly ChainedRole[] {
  const hops: ChainedRole[] = [];
  const { accessKeyId } = context.subject;
  const followed = accessKeyId === undefined ? undefined : { accessKeyId };
  const seen = new Set<string>();
  for (const record of records) {
    const call = parseCall(record);
    if (call === undefined) {
      digest.malformed += 1;
      continue;
    }
    // CloudTrail delivers at least once; the same id is the same call.
    if (call.id !== '' && seen.has(call.id)) continue;
    seen.add(call.id);
    const ownership = context.match(call, followed);
    if (ownership === 'ours') {
      const chainedRole = aggregateCall(digest, call, context);
      if (chainedRole !== undefined) hops.push(chainedRole);
    } else if (ownership !== 'other') {
      digest.outside[ownership] = widen(digest.outside[ownership], call.at);
    }
  }
  return hops;
}

function aggregateCall(digest: ActivityDigest, call: Call, context: AggregateContext): ChainedRole | undefined {
  const kind = kindOf(call);
  const resources = resourcesOf(call).map(bounded);
  digest.counts[kind] += 1;
  const flags = kind === 'sign-in' && call.action !== 'signin:SwitchRole' ? [] : flagsOfCall(call);
  aggregateRow(digest, call, context.subject.as, resources, flags.find((flag) => FLAGS[flag].level === 'look') ?? '');
  aggregateAddress(digest, call);
  for (const flag of flags) aggregateFlag(digest, flag, call, resources);
  if (kind !== 'sign-in' && call.at > context.plan.accessEnded) aggregateFlag(digest, 'after-end', call, resources);
  return aggregateChainedRole(digest, call);
}

function aggregateRow(
  digest: ActivityDigest,
  call: Call,
  as: string,
  resources: readonly string[],
  flag: FlagId | '',
): void {
  const kind = kindOf(call);
  const key = rowKey(kind, bounded(call.action), bounded(call.errorCode), bounded(as), flag);
  const known = digest.rows[key];
  if (known === undefined && !makeRoom(digest, kind, key)) {
    digest.cut[kind] += 1;
    return;
  }
  const row: RowAggregate = known ?? {
    ...widen(undefined, call.at),
    count: 0,
    regions: [],
    addresses: [],
    resources: [],
  };
  digest.rows[key] = row;
  widenInPlace(row, call.at);
  if (keep(row.regions, bounded(call.region), LIMITS.regionsPerRow)) row.regionsCut = true;
  if (keep(row.addresses, bounded(call.address), LIMITS.addressesPerRow)) row.addressesCut = true;
  for (const resource of resources) if (keep(row.resources, resource, LIMITS.resourcesPerRow)) row.resourcesCut = true;
}

/** Makes room for a row, in place of the least telling one when all is full. False when the new one is the least telling. */
function makeRoom(digest: ActivityDigest, kind: CallKind, key: string): boolean {
  if (digest.rowCounts[kind] < LIMITS.rows[kind]) {
    digest.rowCounts[kind] += 1;
    return true;
  }
  const last = Object.keys(digest.rows)
    .filter((other) => other.startsWith(`${kind}|`))
    .reduce((a, b) => (compareRowKeys(a, b) < 0 ? b : a));
  if (compareRowKeys(key, last) > 0) return false;
  digest.cut[kind] += digest.rows[last]?.count ?? 0;
  delete digest.rows[last];
  return true;
}

function aggregateAddress(digest: ActivityDigest, call: Call): void {
  const address = bounded(call.address);
  if (address === '') return;
  const known = digest.addresses.find((span) => span.address === address);
  if (known !== undefined) widenInPlace(known, call.at);
  else if (digest.addresses.length >= LIMITS.addresses) digest.addressesCut += 1;
  else digest.addresses.push({ address, ...widen(undefined, call.at) });
}

function aggregateFlag(
  digest: ActivityDigest,
  flag: keyof ActivityDigest['flags'],
  call: Call,
  resources: readonly string[],
): void {
  const aggregate: FlagAggregate = digest.flags[flag] ?? {
    ...widen(undefined, call.at),
    count: 0,
    tried: 0,
    actions: {},
    resources: [],
  };
  digest.flags[flag] = aggregate;
  widenInPlace(aggregate, call.at);
  const failed = call.errorCode !== '';
  if (failed) aggregate.tried += 1;
  // What was only tried has room of its own, so that it cannot push out the names of what was done.
  if (failed) {
    aggregate.attempts ??= {};
    aggregate.attempted ??= [];
  }
  const [actions, most] = failed
    ? [aggregate.attempts ?? {}, LIMITS.attemptsPerFlag]
    : [aggregate.actions, LIMITS.actionsPerFlag];
  if (countIn(actions, bounded(call.action), most)) aggregate.actionsCut = true;
  const touched = failed ? (aggregate.attempted ?? []) : aggregate.resources;
  for (const resource of resources) if (keep(touched, resource, LIMITS.resourcesPerFlag)) aggregate.resourcesCut = true;
}

/** A session as another role begins with the key that the answer to the call carries. */
function aggregateChainedRole(digest: ActivityDigest, call: Call): ChainedRole | undefined {
  if (!isRoleChaining(call.action) || call.errorCode !== '') return undefined;
  const assumed = String(field(field(call.response, 'assumedRoleUser'), 'arn'));
  const role = String(
    field(call.request, 'roleArn') || field(call.request, 'targetPrincipal') || roleSessionOf(assumed).roleName,
  );
  const chainedRole: ChainedRole = {
    at: call.at,
    role: bounded(role),
    accountId: bounded(assumed.split(':')[4] || role.split(':')[4] || ''),
    accessKeyId: bounded(String(field(field(call.response, 'credentials'), 'accessKeyId'))),
  };
  if (digest.hops.length >= LIMITS.hops) {
    digest.hopsCut += 1;
    return undefined;
  }
  digest.hops.push(chainedRole);
  return chainedRole.accessKeyId === '' ? undefined : chainedRole;
}

/** Counts a name, the alphabetically last one leaving when there are too many. Returns whether one was left out. */
function countIn(counts: Record<string, number>, name: string, most: number): boolean {
  counts[name] = (counts[name] ?? 0) + 1;
  const names = Object.keys(counts);
  if (names.length <= most) return false;
  delete counts[names.sort(compareText).at(-1) ?? name];
  return true;
}

function widen(span: Span | undefined, at: string): Span {
  if (span === undefined) return { count: 1, first: at, last: at };
  widenInPlace(span, at);
  return span;
}

function widenInPlace(span: Span, at: string): void {
  span.count += 1;
  if (at < span.first) span.first = at;
  if (at > span.last) span.last = at;
}

/**
 * Adds a value to a sorted list of the smallest ones seen, so that what is kept does not depend on the order of reading.
 *
 * @returns whether something was left out
 */
function keep(list: string[], value: string, most: number): boolean {
  if (value === '' || list.includes(value)) return false;
  const place = list.findIndex((other) => value < other);
  list.splice(place === -1 ? list.length : place, 0, value);
  if (list.length <= most) return false;
  list.pop();
  return true;
}

/**
 * Text from a call, at most about 100 bytes, without the bar that parts a row's key. A longer one keeps its beginning and its
 * end, where ARNs differ, and a hash of the whole: two values that differ stay two.
 */
function bounded(value: string): string {
  if (value.length <= 100 && /^[\w:./@,=+ -]*$/.test(value)) return value;
  const line = oneLine(value.replaceAll('|', '/'), Number.MAX_SAFE_INTEGER);
  const plain = isPlainAscii(line);
  if (line.length <= (plain ? 100 : 36)) return line;
  return plain
    ? `${line.slice(0, 36)}...${line.slice(-48)} #${hashOf(value)}`
    : `${oneLine(line, 24)} #${hashOf(value)}`;
}

/** FNV-1a, 32 bits, in hexadecimal: to tell values apart, not to protect them. */
function hashOf(value: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < value.length; at += 1) hash = Math.imul(hash ^ value.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
