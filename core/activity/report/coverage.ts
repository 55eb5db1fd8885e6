import { durationWords } from '../../model/duration.ts';
import { ActivityUnreadableError } from '../../model/errors.ts';
import { after } from '../../model/events.ts';
import type { HeldAccess } from '../../model/held-access.ts';
import { compareText, oneLine } from '../../model/text.ts';
import type { ActivityDigest, OutsideReason } from '../classify/aggregate/digest.ts';
import { CALL_KINDS } from '../classify/call-kind.ts';
import type { StoredReport } from '../ports.ts';
import type { Cursor, Reading } from '../read/progress.ts';
import type { RequestAsGranted } from './as-granted.ts';
import { alteredGaps, chainedRoleGaps, countGaps, missingAtLarge } from './missing.ts';
import type { PortalFindings } from './portal-findings.ts';
import { counted, instant, listed, range } from './render/wording.ts';

/**
 * How much of the activity was read.
 * - `complete`: every Region, to its end.
 * - `partly`: some of it; `gaps` says what is missing.
 * - `unreadable`: none of it.
 * - `not-attributable`: there is nothing that could be read for this kind of access.
 */
export type CoverageStatus = 'complete' | 'partly' | 'unreadable' | 'not-attributable';

/** What a report saw and what it did not, in sentences. */
export interface Coverage {
  readonly status: CoverageStatus;
  /** How much was looked at, to follow "no calls found": ` in 4 of 17 Regions`. */
  readonly looked: string;
  /** True for a first edition: the final one follows. */
  readonly soFar: boolean;
  /** What should have been seen and was not. A reader must see these before any count. */
  readonly gaps: readonly string[];
  /** Large gaps, for the subject of the mail: `13 of 17 Regions not read`. Empty if little is missing. */
  readonly missing: readonly string[];
  /** Where calls were read, and what can never be seen there. */
  readonly limits: readonly string[];
  /** Regions of the access's own account that were read to their end; empty where there was nothing to read. */
  readonly regionsRead: readonly string[];
  /** Regions that were not read to their end, and why; also those of accounts entered by role chaining. */
  readonly regionsNotRead: readonly { readonly accountId: string; readonly region: string; readonly why: string }[];
}

/** What stopped the reading as a whole: the name of an error, as the workflow caught it. */
export interface ReadingStopped {
  readonly error: string;
}

/** Says what a report covers. */
export function coverageOf(
  request: RequestAsGranted,
  report: StoredReport,
  options: {
    readonly sourceName: string;
    readonly stopped?: ReadingStopped;
    readonly overlapping?: readonly HeldAccess[];
    readonly portal?: PortalFindings;
  },
): Coverage {
  const { sourceName, stopped, overlapping = [], portal = {} } = options;
  const { plan, reading, digest } = report;
  if (plan.unreadable !== undefined) {
    const status = plan.accountId === '' ? 'not-attributable' : 'unreadable';
    return {
      status,
      looked: ', and nothing was looked at',
      soFar: plan.finalAt !== undefined,
      gaps: [...alteredGaps(request), plan.unreadable],
      missing: missingAtLarge(request, report, { own: 0, missed: 0 }),
      limits: [credentialsSentence(report)],
      regionsRead: [],
      regionsNotRead: [],
    };
  }
  const own = reading.lanes.filter((cursor) => cursor.accountId === plan.accountId);
  const missed = reading.lanes.filter((cursor) => !isFinished(reading, cursor));
  const soFar = plan.finalAt !== undefined;
  const looked = lookedAt(own.length - own.filter((cursor) => missed.includes(cursor)).length, own.length, soFar);
  const nothing = own.every((cursor) => missed.includes(cursor)) && !anySeen(digest);
  const gaps = [
    ...alteredGaps(request),
    ...(stopped === undefined ? [] : [stoppedSentence(stopped)]),
    ...(plan.soFar === true ? [soFarSentence(report)] : []),
    ...cursorGaps(missed, plan.accountId),
    ...passedOverGap(reading),
    ...(plan.regionsUnknown === true
      ? [
          `The account could not be asked which Regions are enabled; ${counted(plan.regions.length, 'Region')} of the configuration, or those enabled by default, were looked at.`,
        ]
      : []),
    ...(portal.gap === undefined ? [] : [portal.gap]),
    ...chainedRoleGaps(report),
    ...uncutRoles(report),
    ...countGaps(digest),
  ];
  const missing = missingAtLarge(request, report, {
    own: own.length,
    missed: own.filter((cursor) => missed.includes(cursor)).length,
  });
  const regions = {
    regionsRead: own.filter((cursor) => !missed.includes(cursor)).map(({ region }) => region),
    regionsNotRead: missed.map(({ accountId, region, stopped = NOT_TO_ITS_END }) => ({
      accountId,
      region,
      why: stopped,
    })),
  };
  if (nothing)
    return {
      status: 'unreadable',
      looked,
      soFar,
      gaps,
      missing,
      limits: [windowSentence(report), credentialsSentence(report)],
      ...regions,
    };
  return {
    status: missed.length > 0 || stopped !== undefined || anyPassedOver(reading) ? 'partly' : 'complete',
    looked,
    soFar,
    gaps,
    missing,
    ...regions,
    limits: [
      `Read from ${plan.source?.name ?? sourceName} of account ${plan.accountId}, in ${counted(plan.regions.length, 'Region')}: ${plan.regions.join(', ')}. ${plan.regionsUnknown === true ? 'Other Regions were not looked at.' : 'No other Region is enabled.'}`,
      ...(portal.limit === undefined ? [] : [portal.limit]),
      windowSentence(report),
      credentialsSentence(report),
      deliverySentence(report),
      plan.source?.sees ??
        'Management events only. Data events, such as reading or writing S3 objects and DynamoDB items or invoking Lambda functions, are not in it; neither is what happened inside machines that were logged in to.',
      'A call is counted when the Identity Center user and the role of the permission set match exactly.',
      ...outsideSentences(digest),
      ...((digest.sourceIdentities ?? []).length === 0
        ? []
        : [`The sessions carried the source identity ${listed(digest.sourceIdentities ?? [])}.`]),
      ...overlapping.map(
        ({ accessId, startedAt, endsAt }) =>
          `The same person held this target by request ${accessId} as well, ${range(startedAt, endsAt)}. Calls with sessions begun in that time alone are in its report.`,
      ),
      ...(request.grant?.standing === true
        ? ['The person had this access before the request and kept it, so calls after the end may be made with it.']
        : []),
    ],
  };
}

function lookedAt(read: number, all: number, soFar: boolean): string {
  const yet = soFar ? ' yet' : '';
  if (read < all) return ` in ${read} of ${counted(all, 'Region')}${yet}`;
  return soFar ? yet : ', but not everything was seen';
}

function isFinished(reading: Reading, cursor: Cursor): boolean {
  return (
    cursor.stopped === undefined &&
    cursor.done >= reading.subjects.filter(({ accountId }) => accountId === cursor.accountId).length
  );
}

function anySeen(digest: ActivityDigest): boolean {
  return digest.malformed > 0 || CALL_KINDS.some((kind) => digest.counts[kind] > 0);
}

function stoppedSentence({ error }: ReadingStopped): string {
  const name = oneLine(error, 80);
  return error === ActivityUnreadableError.name
    ? 'The activity of the account could not be read.'
    : `Reading the activity was given up after repeated errors (${name}).`;
}

/** Cursors that were not read to their end, by account and reason. */
function cursorGaps(missed: readonly Cursor[], ownAccountId: string): string[] {
  const byReason = new Map<string, { readonly cursor: Cursor; readonly regions: string[] }>();
  for (const cursor of missed) {
    const reason = cursor.stopped ?? 'Not read to its end.';
    const key = `${cursor.accountId} ${reason}`;
    const group = byReason.get(key) ?? { cursor, regions: [] };
    group.regions.push(`${cursor.region}${readBack(cursor)}`);
    byReason.set(key, group);
  }
  return [...byReason.values()].map(({ cursor, regions }) => {
    const where =
      cursor.accountId === ownAccountId ? listed(regions) : `account ${cursor.accountId}, ${listed(regions)}`;
    return `Not seen, or not all of it: ${where}. ${cursor.stopped ?? NOT_TO_ITS_END}`;
  });
}

const NOT_TO_ITS_END = 'Reading did not come to its end.';

function anyPassedOver({ lanes }: Reading): boolean {
  return lanes.some(({ passedOver }) => passedOver !== undefined);
}

/** One sentence for all Regions: if one source serves all of them, they all pass over the same seconds. */
function passedOverGap({ lanes }: Reading): string[] {
  const all = lanes.flatMap(({ passedOver }) => (passedOver === undefined ? [] : [passedOver]));
  const first = all.map((each) => each.first).sort(compareText)[0];
  const last = all
    .map((each) => each.last)
    .sort(compareText)
    .at(-1);
  if (first === undefined || last === undefined) return [];
  return [
    `There were seconds with more calls than can be read (${range(first, last)}). Of these calls, no others are in this report than writes and flagged calls that were found when they were looked up by themselves.`,
  ];
}

/** How far back an unfinished reading has come: CloudTrail returns the newest calls first. */
function readBack({ edge }: Cursor): string {
  return edge === undefined || edge.at === '' ? '' : ` (read back to ${instant(edge.at)})`;
}

/** For a reading before the report, which the reader must not take for the report. */
function soFarSentence({ plan }: StoredReport): string {
  return `This is what could be seen at ${instant(plan.begunAt)}, before the report: calls of the last minutes are missing.`;
}

function windowSentence({ plan }: StoredReport): string {
  const isOpen = plan.sessionsCut === true || plan.soFar === true || plan.finalAt !== undefined;
  const until = isOpen ? 'this report was begun' : 'the last credentials ran out';
  return `Window: ${range(plan.from, plan.to)}, from the grant until ${until}.`;
}

function credentialsSentence({ plan }: StoredReport): string {
  if (plan.soFar === true) return 'The report follows when the last credentials have run out, or were cut off.';
  const until = instant(plan.credentialsUntil);
  if (plan.sessionsCut)
    return `Sessions cut at ${until} (verified): credentials fetched before the end did not work any more.`;
  const why = plan.cutFailed
    ? 'the sessions could not be cut'
    : 'the permission set has no session guard that could have cut them';
  const may = plan.finalAt === undefined ? 'may have worked' : 'may work';
  return `Credentials fetched just before the end ${may} until ${until}: ${why}.`;
}

/** AWS limits a chained session to one hour, whatever the role allows. Used if CloudTrail gives no expiry. Seconds. */
const CHAINED_SECONDS = 3600;
const MOST_ROLES_NAMED = 5;

/** A chained session is a session of another role, so the cut of this role's sessions does not reach it. */
function uncutRoles({ plan, digest }: StoredReport): string[] {
  if (!plan.sessionsCut) return [];
  const ends = new Map<string, string>();
  for (const hop of digest.hops) {
    // A console session of the permission set's own role is cut like its other sessions.
    if (hop.role === hop.session && hop.from === undefined) continue;
    const role = hop.role || 'an unknown role';
    const end = hop.lasts === true ? LASTING : (hop.until ?? after(hop.at, CHAINED_SECONDS));
    if ((ends.get(role) ?? '') < end) ends.set(role, end);
  }
  if (ends.size === 0) return [];
  // The longest first, so that the order of CloudTrail does not matter.
  const longest = [...ends].sort(([, one], [, other]) => compareText(other, one));
  const named = longest
    .slice(0, MOST_ROLES_NAMED)
    .map(([role, end]) =>
      end === LASTING ? `${role} by a key that has no end` : `${role} until ${instant(end)} at the latest`,
    );
  const more = longest.length - named.length;
  const others = more > 0 ? [`${counted(more, 'more role')}, no longer than these`] : [];
  return [`Sessions as other roles are not cut with the person's own: ${listed([...named, ...others])}.`];
}

/** Sorts after any instant: for a key that does not expire. */
const LASTING = '~';

function deliverySentence({ plan }: StoredReport): string {
  if (plan.soFar === true) return 'CloudTrail delivers most events within some minutes and promises no time.';
  const late = Math.round((Date.parse(plan.begunAt) - Date.parse(plan.credentialsUntil)) / 1000);
  const ended = plan.sessionsCut ? 'the sessions were cut' : 'the last credentials ran out';
  const when = late > 0 ? `, ${durationWords(late)} after ${ended}` : '';
  return `Reading began at ${instant(plan.begunAt)}${when}. CloudTrail delivers most events within some minutes and promises no time; what it delivered later is missing.`;
}

const OUTSIDE: Readonly<Record<OutsideReason, string>> = {
  before: 'before the grant',
  after: 'after the window',
  'earlier-session': 'inside the window, with sessions begun before the grant',
  'later-session': 'inside the window, with sessions begun after the end',
};

function outsideSentences({ outside }: ActivityDigest): string[] {
  return (Object.keys(OUTSIDE) as OutsideReason[]).flatMap((reason) => {
    const span = outside[reason];
    if (span === undefined) return [];
    return [
      `The same person also used this role ${OUTSIDE[reason]}: ${counted(span.count, 'call')}, ${range(span.first, span.last)}. Not counted here: that access came from another request or was permanent.`,
    ];
  });
}
