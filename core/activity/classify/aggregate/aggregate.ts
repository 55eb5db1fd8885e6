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

/** Whose calls a page was looked up for. */
export interface Subject {
  readonly accountId: string;
  /** Set for a session or key that is followed by its access key. */
  readonly accessKeyId?: string;
  /** Set for a session that is followed by its ARN. */
  readonly session?: string;
  /** The role or user gone on as; empty for the permission set's own role. */
  readonly as: string;
  /** Another name the person's sessions bear; absent for the name known beforehand. */
  readonly userName?: string;
  /**
   * Set where the whole account is searched for the person: for sign-ins in the permission set's role, which tell under which names
   * it was used, or for writes, where nothing was found under the name that is known.
   */
  readonly search?: 'sign-ins' | 'writes';
  /** ISO 8601; when its credentials run out, where that is known. */
  readonly until?: string;
  /** Another session of this role is followed already. */
  readonly repeated?: true;
}

export interface AggregateContext {
  readonly plan: Pick<ReportPlan, 'accessEnded' | 'userName' | 'principalId'>;
  readonly match: Matcher;
  readonly subject: Subject;
  /** Keys that are followed by themselves, and so are not counted with the session they belong to. */
  readonly apart?: ReadonlySet<string>;
  /** Told of each call of this request, for the list of all calls. */
  readonly list?: (call: ListedCall) => void;
  /** False for calls that another look-up counts. */
  readonly counts?: (call: Call) => boolean;
  /** The calls at the oldest second of the page before. */
  readonly edge?: Edge;
  /** Leave out the calls of the oldest second: this look-up ends here, and the next one begins with them. */
  readonly leaveOldest?: boolean;
}

/** The ids, shortened, of the calls in one second: CloudTrail delivers at least once, in the order of time. */
export interface Edge {
  readonly at: string;
  readonly ids: string;
}

export interface PageFindings {
  /** Sessions and keys that these calls gave, to be followed. */
  readonly begun: readonly ChainedRole[];
  /** Other names under which the permission set's role was used. */
  readonly names: ReadonlySet<string>;
  /** All calls that say who made them were made by somebody else. */
  readonly foreign: boolean;
  readonly edge: Edge;
  /** Were the calls of the oldest second left out? They cannot be when there is no other second. */
  readonly left: boolean;
}

/** Ids of one second that are remembered from one page to the next. */
const MOST_EDGE_IDS = 16;
const EDGE_ID_LENGTH = 8;

/**
 * Folds one page of records into the digest, which it changes; nothing of the page is kept beside it but what it returns. The order
 * of pages and of records does not matter to the counts.
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
  for (const record of records) {
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

/** Whoever wants to look at such a record needs its id, or at least its time and place. */
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

/** Hexadecimal with a mark before it, so that no id is found across two others. */
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
    // Nearly every call bears the name it was looked up by.
    const name = !isSignIn && call.identity.arn.endsWith(`/${expected}`) ? expected : match.nameInRole(call);
    // A sign-in does not say who it is; a renamed person is known by the calls that follow, under the name it gives.
    if (name !== '' && name !== expected && (isSignIn || ownership !== 'other')) found.names.add(name);
    if (isSignIn !== (subject.search === 'sign-ins') || subject.search === 'writes') return;
    // Other names are looked up by themselves.
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
