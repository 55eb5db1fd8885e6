import { isPlainAscii, oneLine } from '../../model/text.ts';
import type { Matcher } from '../read/match.ts';
import type { ReportPlan } from '../read/plan.ts';
import { type Call, field, parseCall, roleSessionOf } from './call.ts';
import { kindOf } from './call-kind.ts';
import {
  type ActivityDigest,
  type FlagTally,
  LIMITS,
  type RoleHop,
  type RowTally,
  rowKey,
  type Span,
} from './digest.ts';
import { flagsOfCall, isRoleHop } from './flags.ts';
import { resourcesOf } from './resources.ts';

/** Whose calls a page was looked up for. */
export interface Subject {
  readonly accountId: string;
  /** Set for a session gone on as another role; absent for the person's own. */
  readonly accessKeyId?: string;
  /** The role gone on as; empty for the permission set's own role. */
  readonly as: string;
}

export interface FoldContext {
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
export function foldPage(digest: ActivityDigest, records: Iterable<unknown>, context: FoldContext): readonly RoleHop[] {
  const hops: RoleHop[] = [];
  const { accessKeyId } = context.subject;
  const followed = accessKeyId === undefined ? undefined : { accessKeyId };
  for (const record of records) {
    const call = parseCall(record);
    if (call === undefined) {
      digest.malformed += 1;
      continue;
    }
    const ownership = context.match(call, followed);
    if (ownership === 'ours') {
      const hop = foldCall(digest, call, context);
      if (hop !== undefined) hops.push(hop);
    } else if (ownership !== 'other') {
      digest.outside[ownership] = widen(digest.outside[ownership], call.at);
    }
  }
  return hops;
}

function foldCall(digest: ActivityDigest, call: Call, context: FoldContext): RoleHop | undefined {
  const kind = kindOf(call);
  const resources = resourcesOf(call).map(bounded);
  digest.counts[kind] += 1;
  foldRow(digest, call, context.subject.as, resources);
  foldAddress(digest, call);
  const flags = kind === 'sign-in' && call.action !== 'signin:SwitchRole' ? [] : flagsOfCall(call);
  for (const flag of flags) foldFlag(digest, flag, call, resources);
  if (kind !== 'sign-in' && call.at > context.plan.accessEnded) foldFlag(digest, 'after-end', call, resources);
  return foldHop(digest, call);
}

function foldRow(digest: ActivityDigest, call: Call, as: string, resources: readonly string[]): void {
  const kind = kindOf(call);
  const key = rowKey(kind, bounded(call.action), bounded(call.errorCode), bounded(as));
  const known = digest.rows[key];
  if (known === undefined && digest.rowCounts[kind] >= LIMITS.rows[kind]) {
    digest.cut[kind] += 1;
    return;
  }
  if (known === undefined) digest.rowCounts[kind] += 1;
  const row: RowTally = known ?? { ...widen(undefined, call.at), count: 0, regions: [], addresses: [], resources: [] };
  digest.rows[key] = row;
  widenInPlace(row, call.at);
  if (keep(row.regions, bounded(call.region), LIMITS.regionsPerRow)) row.regionsCut = true;
  if (keep(row.addresses, bounded(call.address), LIMITS.addressesPerRow)) row.addressesCut = true;
  for (const resource of resources) if (keep(row.resources, resource, LIMITS.resourcesPerRow)) row.resourcesCut = true;
}

function foldAddress(digest: ActivityDigest, call: Call): void {
  const address = bounded(call.address);
  if (address === '') return;
  const known = digest.addresses.find((span) => span.address === address);
  if (known !== undefined) widenInPlace(known, call.at);
  else if (digest.addresses.length >= LIMITS.addresses) digest.addressesCut += 1;
  else digest.addresses.push({ address, ...widen(undefined, call.at) });
}

function foldFlag(
  digest: ActivityDigest,
  flag: keyof ActivityDigest['flags'],
  call: Call,
  resources: readonly string[],
): void {
  const tally: FlagTally = digest.flags[flag] ?? {
    ...widen(undefined, call.at),
    count: 0,
    tried: 0,
    actions: {},
    resources: [],
  };
  digest.flags[flag] = tally;
  widenInPlace(tally, call.at);
  if (call.errorCode !== '') tally.tried += 1;
  const action = bounded(call.action);
  const known = tally.actions[action];
  if (known === undefined && Object.keys(tally.actions).length >= LIMITS.actionsPerFlag) tally.actionsCut = true;
  else tally.actions[action] = (known ?? 0) + 1;
  for (const resource of resources)
    if (keep(tally.resources, resource, LIMITS.resourcesPerFlag)) tally.resourcesCut = true;
}

/** A session as another role begins with the key that the answer to the call carries. */
function foldHop(digest: ActivityDigest, call: Call): RoleHop | undefined {
  if (!isRoleHop(call.action) || call.errorCode !== '') return undefined;
  const assumed = String(field(field(call.response, 'assumedRoleUser'), 'arn'));
  const role = String(
    field(call.request, 'roleArn') || field(call.request, 'targetPrincipal') || roleSessionOf(assumed).roleName,
  );
  const hop: RoleHop = {
    at: call.at,
    role: bounded(role),
    accountId: bounded(assumed.split(':')[4] || role.split(':')[4] || ''),
    accessKeyId: bounded(String(field(field(call.response, 'credentials'), 'accessKeyId'))),
  };
  if (digest.hops.length >= LIMITS.hops) {
    digest.hopsCut += 1;
    return undefined;
  }
  digest.hops.push(hop);
  return hop.accessKeyId === '' ? undefined : hop;
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

/** Text from a call, at most about 100 bytes, without the bar that parts a row's key. */
function bounded(value: string): string {
  if (value.length <= 100 && /^[\w:./@,=+ -]*$/.test(value)) return value;
  const line = oneLine(value.replaceAll('|', '/'), 100);
  return isPlainAscii(line) ? line : oneLine(line, 36);
}
