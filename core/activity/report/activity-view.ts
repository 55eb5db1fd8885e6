import type { CallKind } from '../classify/call-kind.ts';
import type { FlagLevel } from '../classify/rules/flags.ts';
import type { CoverageStatus } from './coverage.ts';
import type { ReportModel } from './report.ts';

/**
 * What was done with an access, for the API and the console: the contents of a report, or of a reading before it,
 * without the facts of the request.
 */
export interface ActivityView {
  readonly headline: string;
  readonly verdict: string;
  /** ISO 8601; the window that the calls are from. */
  readonly from: string;
  readonly to: string;
  /** Null if nothing could be read. */
  readonly counts: Readonly<Record<CallKind, number>> | null;
  readonly coverage: {
    readonly status: CoverageStatus;
    readonly regionsRead: readonly string[];
    readonly regionsNotRead: readonly { readonly accountId: string; readonly region: string; readonly why: string }[];
    readonly gaps: readonly string[];
    readonly limits: readonly string[];
  };
  readonly findings: readonly {
    readonly id: string;
    readonly level: FlagLevel;
    readonly title: string;
    readonly sentence: string;
    readonly found: string;
    readonly resources: readonly string[];
  }[];
  readonly mayStillAct: readonly string[];
  readonly sessions: readonly { readonly depth: number; readonly name: string; readonly detail: string }[];
  /** One row for all calls of one kind, action, error, role and flag, the most important first. Null means none. */
  readonly calls: readonly {
    readonly kind: CallKind;
    readonly action: string;
    readonly count: number;
    readonly errorCode: string | null;
    readonly risk: string | null;
    readonly as: string | null;
    /** ISO 8601. */
    readonly first: string;
    readonly last: string;
    readonly resources: readonly string[];
  }[];
}

/** What was done, from the model of a report. @param window the window of the report, ISO 8601 */
export function activityView({ from, to }: Pick<ActivityView, 'from' | 'to'>, model: ReportModel): ActivityView {
  const { headline, verdict, counts = null, coverage, flags, mayStillAct, sessions, sections } = model;
  const { status, regionsRead, regionsNotRead, gaps, limits } = coverage;
  return {
    headline,
    verdict,
    from,
    to,
    counts,
    coverage: { status, regionsRead, regionsNotRead, gaps, limits },
    findings: flags.map(({ id, level, title, sentence, found, resources }) => ({
      ...{ id, level, title, sentence, found, resources },
    })),
    mayStillAct,
    sessions,
    calls: sections.flatMap(({ kind, rows }) =>
      rows.map(({ action, count, errorCode, risk, as, first, last, resources }) => ({
        ...{ kind, action, count, first, last, resources },
        errorCode: errorCode || null,
        risk: risk || null,
        as: as || null,
      })),
    ),
  };
}
