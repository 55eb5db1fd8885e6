import * as z from 'zod/mini';
import { type Edition, editionOf, readEdition } from '../../core/activity/edition.ts';
import { type CollectReportServices, collectReport } from '../../core/activity/report/collect-report.ts';
import type { SendReportServices } from '../../core/activity/report/compose.ts';
import { finalAt } from '../../core/activity/report/editions/due-edition.ts';
import { noteUnsent, sendReport } from '../../core/activity/report/editions/send-report.ts';
import { endedRequest, startReport } from '../../core/activity/report/editions/start-report.ts';
import { ACCOUNT_ID } from '../../core/model/target.ts';

const requestId = z.string().check(z.minLength(1), z.maxLength(80));

/** Workflows that began before there were several editions pass no edition; they send the final one. */
const edition = z.optional(
  z.pipe(z.string().check(z.refine((text) => readEdition(text) !== undefined, 'no edition')), z.transform(readEdition)),
);

/** What the workflow passes: the step, and the name of the error that made an earlier step fail. */
const reportInput = z.discriminatedUnion('step', [
  z.strictObject({ requestId, step: z.literal('start') }),
  z.strictObject({ requestId, step: z.literal('collect'), edition }),
  z.strictObject({ requestId, step: z.literal('send'), edition, unreadable: z.optional(z.string()) }),
  z.strictObject({
    requestId,
    step: z.literal('unsent'),
    edition,
    error: z.string(),
    unreadable: z.optional(z.string()),
  }),
]);

const probeInput = z.strictObject({
  probe: z.strictObject({
    accounts: z.array(z.string().check(z.regex(ACCOUNT_ID))).check(z.maxLength(50)),
    regions: z.array(z.string()).check(z.maxLength(40)),
  }),
});

/**
 * An operator's question: in which of these accounts and Regions can activity be read? `undefined` if the event is no
 * such question.
 */
export function readProbe(
  event: unknown,
): { readonly accounts: readonly string[]; readonly regions: readonly string[] } | undefined {
  const parsed = z.safeParse(probeInput, event);
  return parsed.success ? parsed.data.probe : undefined;
}

export type ReportServices = CollectReportServices &
  SendReportServices & {
    /** Counts a report that could not be read or sent. */
    countFailure(): void;
  };

/** What the workflow does next. */
export interface ReportAnswer {
  readonly next: 'collect' | 'more' | 'done' | 'again' | 'over' | 'edition' | 'silent';
  /** Seconds to wait before the next pages are read, or the report is sent again. */
  readonly waitSeconds: number;
  /** ISO 8601; when the next edition can be read. Empty if there is no next edition. */
  readonly reportAt: string;
  readonly edition: Edition;
}

/** Runs one step of a report. Each step can be repeated without harm. */
export async function runReportStep(event: unknown, services: ReportServices): Promise<ReportAnswer> {
  const input = z.parse(reportInput, event);
  const { requestId: id } = input;
  if (input.step === 'start') {
    const edition = editionOf(await startReport(id, services));
    return { next: 'collect', waitSeconds: 0, reportAt: '', edition };
  }
  const edition = input.edition ?? 'final';
  const answer = { reportAt: '', edition };
  switch (input.step) {
    case 'collect':
      return { ...answer, ...(await collectReport(id, services, edition)) };
    case 'send': {
      const status = await sendReport(id, errorName(input.unreadable), services, edition);
      if (status === 'unreadable' && isLoud(edition)) services.countFailure();
      // A final edition that sent nothing may have come too early.
      if (edition === 'first' || (edition === 'final' && status === undefined)) return finalNext(id, services);
      return { ...answer, next: (await isOut(id, edition, services)) ? 'done' : 'silent', waitSeconds: 0 };
    }
    case 'unsent': {
      // Counted even if the note cannot be written: the report is late, and an operator should look.
      services.countFailure();
      const { next, waitSeconds } = await noteUnsent(id, input.error, errorName(input.unreadable), services, edition);
      return edition === 'first' || next === 'early' ? finalNext(id, services) : { ...answer, next, waitSeconds };
    }
  }
}

/**
 * An account that cannot be read counts once, with the final edition. The first edition comes too soon to be sure, and
 * addenda come every day.
 */
function isLoud(edition: Edition): boolean {
  return edition === 'final';
}

/** Whether an edition was sent. An addendum with nothing new is not sent, and then no message has to be updated. */
async function isOut(id: string, edition: Edition, { looks }: ReportServices): Promise<boolean> {
  return edition === 'final' || (await looks.get(id))?.out === edition;
}

async function finalNext(id: string, services: ReportServices): Promise<ReportAnswer> {
  const request = await endedRequest(id, services);
  const next = request.state === 'ended' ? 'edition' : 'done';
  return { next, waitSeconds: 0, reportAt: finalAt(request, services.settings), edition: 'final' };
}

/** The workflow passes an empty name if reading went well. */
function errorName(name: string | undefined): string | undefined {
  return name === '' ? undefined : name;
}
