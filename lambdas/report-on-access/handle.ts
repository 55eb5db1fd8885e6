import * as z from 'zod/mini';
import { type CollectReportServices, collectReport } from '../../core/activity/collect-report.ts';
import { giveUpReport, type SendReportServices, sendReport } from '../../core/activity/send-report.ts';
import { startReport } from '../../core/activity/start-report.ts';

const requestId = z.string().check(z.minLength(1), z.maxLength(80));

/** What the workflow passes: the step, and the name of the error that made it go another way. */
const reportInput = z.discriminatedUnion('step', [
  z.strictObject({ requestId, step: z.literal('start') }),
  z.strictObject({ requestId, step: z.literal('collect') }),
  z.strictObject({ requestId, step: z.literal('send'), unreadable: z.optional(z.string()) }),
  z.strictObject({ requestId, step: z.literal('give-up'), error: z.optional(z.string()) }),
]);

export type ReportServices = CollectReportServices &
  SendReportServices & {
    /** Counts a report that could not be read, or not be sent. */
    countFailure(): void;
  };

/** What the workflow does next. */
export interface ReportAnswer {
  readonly next: 'collect' | 'more' | 'done';
}

/** Runs one step of a report. Each step can be repeated without harm. */
export async function runReportStep(event: unknown, services: ReportServices): Promise<ReportAnswer> {
  const input = z.parse(reportInput, event);
  switch (input.step) {
    case 'start':
      await startReport(input.requestId, services);
      return { next: 'collect' };
    case 'collect':
      return { next: await collectReport(input.requestId, services) };
    case 'send':
      if ((await sendReport(input.requestId, input.unreadable, services)) === 'unreadable') services.countFailure();
      return { next: 'done' };
    case 'give-up':
      if (await giveUpReport(input.requestId, input.error ?? 'unknown error', services)) services.countFailure();
      return { next: 'done' };
  }
}
