import type { CallKind } from '../classify/call-kind.ts';
import type { FlagLevel } from '../classify/rules/flags.ts';
import type { CoverageStatus } from './coverage.ts';
import type { ReportModel } from './report.ts';

/** What was done, for programs and pages: what a report or a look before it says, without what the request says of itself. */
export interface Done {
  readonly headline: string;
  readonly verdict: string;
  /** ISO 8601; the window whose calls these are. */
  readonly from: string;
  readonly to: string;
  /** Null where nothing could be read. */
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
  /** Calls of one kind, action, error and role together, what matters most first. Null stands for nothing. */
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

/** @param window of the calls that belong to it */
export function doneOf({ from, to }: Pick<Done, 'from' | 'to'>, model: ReportModel): Done {
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
