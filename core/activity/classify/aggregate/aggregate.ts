import { oneLine } from '../../../model/text.ts';
import type { Followed, Matcher } from '../../read/match.ts';
import type { ReportPlan } from '../../read/plan.ts';
import { type Call, field, jsonOf, parseCall } from '../call.ts';
import type { ListedCall } from '../listed-call.ts';
import { type ChainedRole, sessionBegunBy } from '../sessions.ts';
import { aggregateCall, widen } from './aggregate-call.ts';
import { noteSession } from './aggregate-power.ts';
import { hashOf } from './bounded.ts';
import { type ActivityDigest, LIMITS } from './digest.ts';

/** Whose calls a page was looked up for: the requester, a chained session or an access key. */
export interface Subject {
  readonly accountId: string;
  /** Set for a session or key that is followed by its access key. */
  readonly accessKeyId?: string;
  /** Set for a session that is followed by its ARN. */
  readonly session?: string;
  /** The role or user of a chained session; empty for the permission set's own role. */
  readonly as: string;
  /** Another session name under which to look up the requester; absent for the user name in the plan. */
  readonly userName?: string;
  /**
   * Set when the whole account is searched for the requester. `sign-ins`: sign-ins to the permission set's role, which
   * tell the session names under which it was used. `writes`: all writes, if nothing was found under the known name.
   */
  readonly search?: 'sign-ins' | 'writes';
  /** ISO 8601; when its credentials expire, if that is known. */
  readonly until?: string;
  /** Another session of this role is followed already. */
  readonly repeated?: true;
}

export interface AggregateContext {
  readonly plan: Pick<ReportPlan, 'accessEnded' | 'userName' | 'principalId'>;
  readonly match: Matcher;
  readonly subject: Subject;
  /** Access keys that are followed on their own, so their calls are not counted with the session they belong to. */
  readonly apart?: ReadonlySet<string>;
  /** Receives each call of this request, for the list of all calls. */
  readonly list?: (call: ListedCall) => void;
  /** False for calls that another look-up counts. */
  readonly counts?: (call: Call) => boolean;
  /** The calls in the oldest second of the previous page. */
  readonly edge?: Edge;
  /** Leave out the calls of the oldest second: this look-up ends here, and the next one begins with that second. */
  readonly leaveOldest?: boolean;
}

/**
 * The shortened ids of the calls in one second. CloudTrail delivers at least once and in the order of time, so the next
 * page may repeat calls of that second.
 */
export interface Edge {
  readonly at: string;
  readonly ids: string;
}

export interface PageFindings {
  /** Sessions and keys that these calls gave their caller, to be followed. */
  readonly begun: readonly ChainedRole[];
  /** Other names under which the permission set's role was used. */
  readonly names: ReadonlySet<string>;
  /** True when a look-up under another session name found calls of other users and none of the requester. */
  readonly foreign: boolean;
  readonly edge: Edge;
  /** Were the calls of the oldest second left out? Never when the page has no other second. */
  readonly left: boolean;
}

/** The most ids of one second that are kept from one page to the next. */
const MOST_EDGE_IDS = 16;
const EDGE_ID_LENGTH = 8;

/**
 * Adds one page of records to the digest, which it changes. Nothing else of the page is kept, apart from the return
 * value. The counts do not depend on the order of pages and records.
 */
export function aggregatePage(
  digest: ActivityDigest,
  records: Iterable<unknown>,
  context: AggregateContext,
): PageFindings {
  const { subject, edge, counts } = context;
  const calls = readCalls(digest, records);
  const oldest = calls.reduce((first, { at }) => (first === '' || at < first ? at : first), '');
  const left = context.leaveOldest === true && calls.some(({ at }) => at !== oldest);
  const found = { begun: [] as ChainedRole[], names: new Set<string>(), own: false, others: false };
  const follow: Followed | undefined = followedIn(context);
  for (const call of calls) {
    if (left && call.at === oldest) continue;
    if (edge !== undefined && call.at === edge.at && edge.ids.includes(shortId(call.id))) continue;
    if (call.identity.onBehalfOf === context.plan.principalId) found.own = true;
    else if (call.identity.onBehalfOf !== '') found.others = true;
    if (counts !== undefined && !counts(call)) continue;
    lookAt(digest, call, follow, context, found);
  }
  return {
    begun: found.begun,
    names: found.names,
    foreign: found.others && !found.own && subject.userName !== undefined,
    edge: edgeOf(calls, oldest, edge),
    left,
  };
}

function readCalls(digest: ActivityDigest, records: Iterable<unknown>): readonly Call[] {
  const seen = new Set<string>();
  const calls: Call[] = [];
  // All texts are parsed first: a loop that does nothing but parse JSON is faster than one that alternates.
  const values = Array.from(records, (record) => (typeof record === 'string' ? jsonOf(record) : record));
  for (const record of values) {
    const call = parseCall(record);
    if (call === undefined) {
      digest.malformed += 1;
      noteMalformed(digest, record);
      continue;
    }
    // CloudTrail delivers at least once; the same id is the same call.
    if (call.id !== '' && seen.has(call.id)) continue;
    seen.add(call.id);
    calls.push(call);
  }
  return calls;
}

/** Records id, name, time and Region of such a record, as far as they can be read, so that a reader can find it. */
function noteMalformed(digest: ActivityDigest, record: unknown): void {
  digest.malformedRecords ??= [];
  if (digest.malformedRecords.length >= LIMITS.malformedRecords) return;
  const value = typeof record === 'string' ? jsonOf(record) : record;
  const parts = ['eventID', 'eventName', 'eventTime', 'awsRegion'].map((name) => {
    const part = field(value, name);
    return typeof part === 'string' ? oneLine(part, 60) : '';
  });
  const known = parts.filter((part) => part !== '');
  if (known.length > 0) digest.malformedRecords.push(known.join(' '));
}

function edgeOf(calls: readonly Call[], at: string, before: Edge | undefined): Edge {
  const ids = calls.filter((call) => call.at === at && call.id !== '').map(({ id }) => shortId(id));
  const known = before !== undefined && before.at === at ? before.ids : '';
  return { at, ids: `${known}${ids.join('')}`.slice(-MOST_EDGE_IDS * EDGE_ID_LENGTH) };
}

/** A hash with a dot before it, so that a search in the joined ids finds no match across two of them. */
function shortId(id: string): string {
  return `.${hashOf(id).slice(0, EDGE_ID_LENGTH - 1)}`;
}

function followedIn({ subject, apart }: AggregateContext): Followed | undefined {
  if (subject.accessKeyId !== undefined) return { accessKeyId: subject.accessKeyId };
  return subject.session === undefined ? undefined : { session: subject.session, apart: apart ?? new Set() };
}

function lookAt(
  digest: ActivityDigest,
  call: Call,
  followed: Followed | undefined,
  context: AggregateContext,
  found: { readonly begun: ChainedRole[]; readonly names: Set<string> },
): void {
  const { match, subject, plan } = context;
  if (match.isSwitch(call, followed)) {
    const begun = sessionBegunBy(call);
    if (begun !== undefined) found.begun.push(noteSession(digest, begun));
  }
  const ownership = match(call, followed);
  if (followed === undefined) {
    const isSignIn = call.action === 'sts:AssumeRoleWithSAML';
    const expected = subject.userName ?? plan.userName;
    // Saves work: nearly every call has the session name that it was looked up by.
    const name = !isSignIn && call.identity.arn.endsWith(`/${expected}`) ? expected : match.nameInRole(call);
    // A sign-in record does not name the Identity Center user. Calls under its session name are looked up next, and
    // they tell whether that is the requester after a rename.
    if (name !== '' && name !== expected && (isSignIn || ownership !== 'other')) found.names.add(name);
    if (isSignIn !== (subject.search === 'sign-ins') || subject.search === 'writes') return;
    // Calls under other session names are looked up separately.
    if (!isSignIn && name !== '' && name !== expected) return;
  }
  if (ownership === 'ours') {
    const begun = aggregateCall(digest, call, context);
    if (begun !== undefined && !(followed === undefined && call.action === 'signin:GetSigninToken'))
      found.begun.push(begun);
  } else if (ownership !== 'other') {
    digest.outside[ownership] = widen(digest.outside[ownership], call.at);
  }
}
