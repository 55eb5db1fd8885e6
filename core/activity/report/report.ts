import type { HeldAccess } from '../../model/held-access.ts';
import { compareText } from '../../model/text.ts';
import { type ActivityDigest, type CallRow, callsIn, rowsOf } from '../classify/aggregate/digest.ts';
import type { CallKind } from '../classify/call-kind.ts';
import type { ListedCall } from '../classify/listed-call.ts';
import { FLAG_IDS } from '../classify/rules/flag-ids.ts';
import { FLAGS } from '../classify/rules/flags.ts';
import { editionName, editionOf } from '../edition.ts';
import type { StoredReport } from '../ports.ts';
import { type Suggestion, suggestPolicy } from './advice/least-privilege.ts';
import type { RequestAsGranted } from './as-granted.ts';
import { type Coverage, coverageOf, type ReadingStopped } from './coverage.ts';
import type { News } from './editions/news.ts';
import { type Archive, type AttachedList, archiveOf, attachedLines, listPlace } from './list-words.ts';
import { mayStillAct } from './may-still-act.ts';
import { type PortalFindings, portalFindings } from './portal-findings.ts';
import { type RaisedFlag, raisedFlags } from './raised-flags.ts';
import { counted, grouped, instant, range } from './render/wording.ts';
import { type Fact, type HistoryLine, personName, requestFacts, requestHistory, targetName } from './request-facts.ts';
import { type Moment, type SessionLine, sessionTree, timeLine } from './story.ts';

/** Everything a report says, in order, as plain text that is not yet escaped. The HTML shortens long lists. */
export interface ReportModel {
  /** `Ana in Production as AdministratorAccess`. */
  readonly title: string;
  /** Address of the page of the request, where there is a console. */
  readonly page?: string;
  /** `3 writes, 1 refused, 41 reads`, or why there are no numbers. */
  readonly headline: string;
  /**
   * The edition, in a sentence; if it is a first one, when the final one follows. Absent if only a final one is sent.
   */
  readonly edition?: { readonly name: string; readonly sentence: string; readonly finalAt?: string };
  /** What is new since the previous edition; absent if there was none. */
  readonly news?: { readonly since: string; readonly lines: readonly string[] };
  /** Absent when nothing could be read: no number is better than a wrong zero. */
  readonly counts?: Readonly<Record<CallKind, number>>;
  /** The first sentence: what this report is able to say. */
  readonly verdict: string;
  readonly coverage: Coverage;
  readonly facts: readonly Fact[];
  readonly flags: readonly RaisedFlag[];
  /** What may still act after the access, a line each. */
  readonly mayStillAct: readonly string[];
  readonly timeLine: readonly Moment[];
  readonly sessions: readonly SessionLine[];
  readonly sections: readonly Section[];
  /** The archived list of calls; absent if no call is listed or the version of the report archived none. */
  readonly archive?: Archive;
  /** What is attached, a line each. */
  readonly attached: readonly string[];
  /** `advice`: which permission set would have been enough, in sentences. */
  readonly suggestion?: Suggestion & { readonly sentence: string; readonly advice: readonly string[] };
  readonly history: readonly HistoryLine[];
}

export interface Section {
  readonly kind: CallKind;
  readonly title: string;
  readonly sentence: string;
  readonly count: number;
  readonly rows: readonly Row[];
}

/** All calls of one kind, action, error, role and flag, in words. */
export interface Row {
  readonly action: string;
  readonly count: number;
  readonly errorCode: string;
  /** Title of the flag that these calls raise. Empty for most rows. */
  readonly risk: string;
  /** `new`, `2 new`: calls that the previous edition did not have. Empty if there are none, or no previous edition. */
  readonly fresh: string;
  readonly as: string;
  /** ISO 8601; of the first call and of the last. */
  readonly first: string;
  readonly last: string;
  /** When, Regions and source addresses. */
  readonly when: string;
  readonly regions: string;
  readonly addresses: string;
  /** What the calls were made with. */
  readonly means: string;
  /** What AWS said when it refused or rejected them. */
  readonly said: string;
  readonly resources: readonly string[];
}

const SECTIONS: readonly {
  readonly kind: CallKind;
  readonly title: string;
  readonly sentence: string;
  readonly always: boolean;
}[] = [
  { kind: 'write', title: 'Writes', sentence: 'Calls that changed something, or may have.', always: true },
  { kind: 'refused', title: 'Refused calls', sentence: 'Calls that AWS did not allow.', always: true },
  {
    kind: 'failed',
    title: 'Writes that failed',
    sentence: 'Allowed, but rejected for another reason; nothing was changed.',
    always: false,
  },
  { kind: 'read', title: 'Reads', sentence: 'Calls that changed nothing.', always: true },
  { kind: 'sign-in', title: 'Sign-ins', sentence: 'Sessions that were begun or ended.', always: false },
];

export interface ReportOptions {
  readonly sourceName: string;
  /** Reading was given up with this error. */
  readonly stopped?: ReadingStopped;
  /** Every call that is listed one by one. */
  readonly calls?: readonly ListedCall[];
  readonly attached?: AttachedList;
  /** Other access of the same person to the same target in the window. */
  readonly overlapping?: readonly HeldAccess[];
  /** What is new since the edition that went out before. */
  readonly news?: News;
}

/** Puts a report together from the request and what was read. */
export function buildReport(request: RequestAsGranted, report: StoredReport, options: ReportOptions): ReportModel {
  const { digest, plan } = report;
  const portal = portalFindings(report);
  const coverage = coverageOf(request, report, { ...options, portal });
  const readable = coverage.status === 'complete' || coverage.status === 'partly';
  // A first edition is never certain, because credentials may still work.
  const certain = coverage.status === 'complete' && coverage.gaps.length === 0 && plan.finalAt === undefined;
  const { news } = options;
  const edition = editionWords(report, news);
  const suggestion = readable ? suggestPolicy(digest, report.plan.source) : undefined;
  return {
    title: `${personName(request)} in ${targetName(request, plan)}`,
    headline: headlineOf(coverage, digest, certain, portal),
    edition,
    ...(news === undefined ? {} : { news: { since: news.since, lines: news.lines } }),
    ...(readable ? { counts: digest.counts } : {}),
    verdict: verdictOf(coverage, digest, certain, portal),
    coverage,
    facts: requestFacts(request, plan),
    flags: readable ? raisedFlags(digest, certain && portal.fetched === undefined) : [],
    mayStillAct: readable ? mayStillAct(report) : [],
    timeLine: readable ? timeLine(options.calls ?? [], listPlace(request.id, options)) : [],
    sessions: readable ? sessionTree(digest, plan.permissionSetName) : [],
    ...archiveOf(report),
    attached: attachedLines(report, options),
    sections: readable ? sectionsOf(digest, news) : [],
    ...(suggestion === undefined
      ? {}
      : {
          suggestion: {
            ...suggestion,
            sentence: suggestionSentence(suggestion, plan.permissionSetName),
            advice: report.advice ?? [],
          },
        }),
    history: requestHistory(request),
  };
}

/** `3 writes, 1 refused, 41 reads`; kinds without a call are left out, except that a report without writes says so. */
function countsInWords(counts: Readonly<Record<CallKind, number>>): string {
  return [
    counted(counts.write, 'write'),
    counts.refused > 0 && `${grouped(counts.refused)} refused`,
    counts.failed > 0 && `${grouped(counts.failed)} failed`,
    counts.read > 0 && counted(counts.read, 'read'),
  ]
    .filter((part) => part !== false)
    .join(', ');
}

function headlineOf(coverage: Coverage, digest: ActivityDigest, certain: boolean, { fetched }: PortalFindings): string {
  const before = fetched === undefined ? '' : `${fetched}, `;
  if (coverage.status === 'not-attributable') return 'activity cannot be attributed';
  if (coverage.status === 'unreadable') return `${before}activity could not be read`;
  if (callsIn(digest) === 0) {
    const signedIn = coverage.soFar && digest.counts['sign-in'] > 0 ? 'signed in, ' : '';
    if (!certain) return `${before}${signedIn}no calls found${coverage.looked}`;
    if (fetched !== undefined) return `${before}no calls found`;
    return digest.counts['sign-in'] === 0 ? 'nothing was done' : 'signed in, no calls found';
  }
  return `${countsInWords(digest.counts)}${coverage.status === 'partly' ? ' (incomplete)' : ''}`;
}

function verdictOf(coverage: Coverage, digest: ActivityDigest, certain: boolean, { fetched }: PortalFindings): string {
  const before = fetched === undefined ? '' : `${fetched.slice(0, 1).toUpperCase()}${fetched.slice(1)}. `;
  if (coverage.status === 'not-attributable') return 'What was done during this time is not in this report.';
  if (coverage.status === 'unreadable')
    return `${before}What was done with this access is not known: the activity could not be read.`;
  if (callsIn(digest) > 0) {
    const seen = `${counted(callsIn(digest), 'call')} with this access.`;
    return coverage.status === 'partly' ? `At least ${seen} Not everything could be read.` : seen;
  }
  if (!certain) {
    return `${before}No call with this access was found${coverage.looked}. That is not proof that nothing was done.`;
  }
  if (fetched !== undefined) return `${before}No call with this access was found.`;
  return digest.counts['sign-in'] === 0
    ? 'Nothing was done with this access.'
    : 'The person signed in, and no call with this access was found.';
}

function editionWords(report: StoredReport, news: News | undefined): ReportModel['edition'] {
  const edition = editionOf(report);
  const name = editionName(edition);
  if (edition === 'first') {
    const finalAt = instant(report.plan.finalAt ?? '');
    return {
      name,
      sentence: `First edition: what is known so far. The final edition is read at ${finalAt}.`,
      finalAt,
    };
  }
  if (news === undefined) return undefined;
  return {
    name,
    sentence:
      edition === 'final'
        ? 'Final edition: everything was read again.'
        : 'Addendum: everything was read again, and something has come to light.',
  };
}

function sectionsOf(digest: ActivityDigest, news: News | undefined): readonly Section[] {
  return SECTIONS.filter(({ kind, always }) => always || digest.counts[kind] > 0).map(({ kind, title, sentence }) => ({
    kind,
    title,
    sentence,
    count: digest.counts[kind],
    rows: inOrder(rowsOf(digest, kind)).map((row) => rowOf(row, news)),
  }));
}

/** Rows with a flag first, most serious first, then by time; reads and sign-ins by number of calls, as in `rowsOf`. */
function inOrder(rows: readonly CallRow[]): readonly CallRow[] {
  const rank = ({ flag }: CallRow) => (flag === '' ? FLAG_IDS.length : FLAG_IDS.indexOf(flag));
  return [...rows].sort((a, b) => {
    const byRisk = rank(a) - rank(b);
    return byRisk !== 0 || a.kind === 'read' || a.kind === 'sign-in' ? byRisk : compareText(a.first, b.first);
  });
}

function rowOf(row: CallRow, news: News | undefined): Row {
  const fresh = news?.fresh(row) ?? 0;
  return {
    action: row.action,
    count: row.count,
    errorCode: row.errorCode,
    risk: row.flag === '' ? '' : FLAGS[row.flag].title,
    fresh: fresh === 0 ? '' : fresh >= row.count ? 'new' : `${grouped(fresh)} new`,
    as: row.as,
    first: row.first,
    last: row.last,
    when: range(row.first, row.last),
    regions: open(row.regions, row.regionsCut).join(', '),
    addresses: open(row.addresses, row.addressesCut).join(', '),
    means: (row.means ?? []).join(', '),
    said: (row.said ?? []).join(' '),
    resources: open(row.resources, row.resourcesCut),
  };
}

function open(values: readonly string[], cut: boolean | undefined): readonly string[] {
  return cut === true ? [...values, '…'] : values;
}

function suggestionSentence({ actions, services }: Suggestion, permissionSetName: string): string {
  const few = `${counted(actions.length, 'action')} of ${counted(services, 'service')}`;
  return `${permissionSetName} was asked for; ${few} would have done.`;
}
