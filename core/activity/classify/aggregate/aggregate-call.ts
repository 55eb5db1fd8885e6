import type { ReportPlan } from '../../read/plan.ts';
import { compareBroadThenText } from '../broad-access.ts';
import type { Call } from '../call.ts';
import { type CallKind, kindOf } from '../call-kind.ts';
import { handedOnBy } from '../handed-on.ts';
import type { ListedCall } from '../listed-call.ts';
import { meansOf, refusedBy } from '../means.ts';
import { aggregatePolicyResources } from '../policy-resources.ts';
import { remembered } from '../remember.ts';
import { resourcesOf } from '../resources.ts';
import type { FlagId } from '../rules/flag-ids.ts';
import { FLAGS, flagsOfCall } from '../rules/flags.ts';
import type { ChainedRole } from '../sessions.ts';
import { LONGEST_WHAT, whatOf } from '../what/what.ts';
import { aggregatePassed } from './aggregate-passed.ts';
import { aggregateHandedOn, aggregateSession, handedOnWords } from './aggregate-power.ts';
import { bounded, boundedName, countIn, keep, keepBounded } from './bounded.ts';
import { type ActivityDigest, type FlagAggregate, LIMITS, type RowAggregate, rowKey, type Span } from './digest.ts';
import { compareRuled, makeRoom } from './row-room.ts';

export interface CallContext {
  readonly plan: Pick<ReportPlan, 'accessEnded'>;
  readonly subject: { readonly accountId: string; readonly as: string };
  /** Receives each call, for the list of all calls. */
  readonly list?: (call: ListedCall) => void;
}

/**
 * Adds one call of this request to the digest.
 *
 * @returns the session or key that the call gave its caller, to be followed
 */
export function aggregateCall(digest: ActivityDigest, call: Call, context: CallContext): ChainedRole | undefined {
  const kind = kindOf(call);
  digest.counts[kind] += 1;
  const flags = kind === 'sign-in' && !isRoleChaining(call.action) ? [] : flagsOfCall(call);
  const what = kind === 'read' && flags.length === 0 ? resourcesOf(call) : whatOf(call);
  const resources = what.map((one) => bounded(one, LONGEST_WHAT));
  aggregateRow(
    digest,
    call,
    kind,
    context.subject.as,
    resources,
    flags.find((flag) => FLAGS[flag].level === 'look') ?? '',
  );
  aggregateAddress(digest, call);
  if (context.subject.as === '' && kind !== 'refused' && kind !== 'sign-in')
    aggregatePolicyResources(digest, call, context.subject.accountId);
  for (const flag of flags) aggregateFlag(digest, flag, call, resources);
  if (kind !== 'sign-in' && call.at > context.plan.accessEnded) aggregateFlag(digest, 'after-end', call, resources);
  const handed = handedOnBy(call);
  if (context.list !== undefined) {
    const listed = listedCall(call, kind, flags[0] ?? '', resources, context.subject);
    context.list(handed.length === 0 ? listed : { ...listed, handedOn: handedOnWords(handed) });
  }
  aggregateHandedOn(digest, handed);
  if (context.subject.as === '') aggregatePassed(digest, handed);
  return aggregateSession(digest, call, bounded(context.subject.as));
}

function listedCall(
  call: Call,
  kind: CallKind,
  flag: FlagId | '',
  resources: readonly string[],
  { accountId, as }: CallContext['subject'],
): ListedCall {
  return {
    id: bounded(call.id),
    at: call.at,
    accountId: bounded(accountId),
    region: bounded(call.region),
    action: boundedName(call.action),
    kind,
    error: errorOf(call),
    flag,
    as: bounded(as),
    address: boundedName(call.address),
    means: meansOf(call),
    what: resources.join(', '),
  };
}

/** Sign-in calls that begin a session as another role or in the console. */
function isRoleChaining(action: string): boolean {
  return action === 'signin:SwitchRole' || action === 'signin:GetSigninToken';
}

function aggregateRow(
  digest: ActivityDigest,
  call: Call,
  kind: CallKind,
  as: string,
  resources: readonly string[],
  flag: FlagId | '',
): void {
  const key = keyOf(kind, call.action, errorOf(call), as, flag);
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
  if (keepBounded(row.regions, call.region, LIMITS.regionsPerRow)) row.regionsCut = true;
  row.means ??= [];
  keepBounded(row.means, meansOf(call), LIMITS.meansPerRow);
  if (call.errorMessage !== '') {
    row.said ??= [];
    keep(row.said, bounded(call.errorMessage), LIMITS.messagesPerRow);
  }
  if (keepBounded(row.addresses, call.address, LIMITS.addressesPerRow)) row.addressesCut = true;
  for (const resource of resources)
    if (keep(row.resources, resource, LIMITS.resourcesPerRow, compareBroadThenText)) row.resourcesCut = true;
}

/** For each action, the row of its last call: nearly all calls of an action go to the same row. */
const lastKey = remembered((action) => ({
  action: boundedName(action),
  kind: '',
  error: '',
  as: '',
  flag: '',
  key: '',
}));

function keyOf(kind: CallKind, action: string, error: string, as: string, flag: FlagId | ''): string {
  const last = lastKey(action);
  if (last.kind !== kind || last.error !== error || last.as !== as || last.flag !== flag)
    Object.assign(last, { kind, error, as, flag, key: rowKey(kind, last.action, error, bounded(as), flag) });
  return last.key;
}

/** The error code of a call, with the kind of policy that denied it if that is known. */
function errorOf(call: Call): string {
  if (call.errorCode === '' && call.errorMessage === '') return '';
  const by = refusedBy(call);
  return bounded(by === '' ? call.errorCode : `${call.errorCode} (${by})`);
}

function aggregateAddress(digest: ActivityDigest, call: Call): void {
  if (call.identity.sourceIdentity !== '') {
    digest.sourceIdentities ??= [];
    keep(digest.sourceIdentities, bounded(call.identity.sourceIdentity), LIMITS.sourceIdentities);
  }
  const address = boundedName(call.address);
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
  // Failed calls have limits of their own, so that they cannot push out the names of calls that succeeded.
  if (failed) {
    aggregate.attempts ??= {};
    aggregate.attempted ??= [];
  }
  const [actions, most] = failed
    ? [aggregate.attempts ?? {}, LIMITS.attemptsPerFlag]
    : [aggregate.actions, LIMITS.actionsPerFlag];
  if (countIn(actions, bounded(call.action), most, compareRuled)) aggregate.actionsCut = true;
  const touched = failed ? (aggregate.attempted ?? []) : aggregate.resources;
  for (const resource of resources)
    if (keep(touched, resource, LIMITS.resourcesPerFlag, compareBroadThenText)) aggregate.resourcesCut = true;
}

/** Adds one call to a span. */
export function widen(span: Span | undefined, at: string): Span {
  if (span === undefined) return { count: 1, first: at, last: at };
  widenInPlace(span, at);
  return span;
}

function widenInPlace(span: Span, at: string): void {
  span.count += 1;
  if (at < span.first) span.first = at;
  if (at > span.last) span.last = at;
}
