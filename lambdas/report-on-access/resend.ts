import * as z from 'zod/mini';
import type { ResendInput } from '../../core/activity/report/editions/resend-report.ts';

const resendInput = z.strictObject({
  resend: z.strictObject({
    requestId: z.string().check(z.minLength(1), z.maxLength(200)),
    askId: z.string().check(z.minLength(1), z.maxLength(200)),
    by: z.string().check(z.minLength(1), z.maxLength(300)),
  }),
});

/** Reads an order to send a report again; `undefined` if the event is none. */
export function readResend(event: unknown): ResendInput | undefined {
  const parsed = z.safeParse(resendInput, event);
  return parsed.success ? parsed.data.resend : undefined;
}
