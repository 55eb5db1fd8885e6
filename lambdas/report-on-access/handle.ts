import * as z from 'zod/mini';
import { type CollectReportServices, collectReport } from '../../core/activity/report/collect-report.ts';
import { noteUnsent, type SendReportServices, sendReport } from '../../core/activity/report/send-report.ts';
import { startReport } from '../../core/activity/report/start-report.ts';

const requestId = z.string().check(z.minLength(1), z.maxLength(80));

/** What the workflow passes: the step, and the name of the error that made it go another way. */
const reportInput = z.discriminatedUnion('step', [
  z.strictObject({ requestId, step: z.literal('start') }),
  z.strictObject({ requestId, step: z.literal('collect') }),
  z.strictObject({ requestId, step: z.literal('send'), unreadable: z.optional(z.string()) }),
  z.strictObject({ requestId, step: z.literal('unsent'), error: z.string(), unreadable: z.optional(z.string()) }),
]);

const probeInput = z.strictObject({
  probe: z.strictObject({
    accounts: z.array(z.string().check(z.regex(/^\d{12}$/))).check(z.maxLength(50)),
    regions: z.array(z.string()).check(z.maxLength(40)),
  }),
});

/** What an operator asks: in which of these accounts and Regions activity can be read. `undefined`: something else is asked. */
export function readProbe(
  event: unknown,
): { readonly accounts: readonly string[]; readonly regions: readonly string[] } | undefined {
  const parsed = z.safeParse(probeInput, event);
  return parsed.success ? parsed.data.probe : undefined;
}

export type ReportServices = CollectReportServices &
  SendReportServices & {
    /** Counts a report that could not be read, or not be sent. */
    countFailure(): void;
  };

/** What the workflow does next. */
export interface ReportAnswer {
  readonly next: 'collect' | 'more' | 'done' | 'again' | 'over';
  /** How long to wait before the next pages are read, or the report is sent again. */
  readonly waitSeconds: number;
}

/** Runs one step of a report. Each step can be repeated without harm. */
export async function runReportStep(event: unknown, services: ReportServices): Promise<ReportAnswer> {
  const input = z.parse(reportInput, event);
  switch (input.step) {
    case 'start':
      await startReport(input.requestId, services);
      return { next: 'collect', waitSeconds: 0 };
    case 'collect':
      return collectReport(input.requestId, services);
    case 'send':
      if ((await sendReport(input.requestId, errorName(input.unreadable), services)) === 'unreadable')
        services.countFailure();
      return { next: 'done', waitSeconds: 0 };
    case 'unsent':
      // Whatever becomes of the note: the report is late, and somebody should look.
      services.countFailure();
      return noteUnsent(input.requestId, input.error, errorName(input.unreadable), services);
  }
}

/** The workflow passes an empty name where reading went well. */
function errorName(name: string | undefined): string | undefined {
  return name === '' ? undefined : name;
}
