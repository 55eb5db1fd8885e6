import * as z from 'zod';
import { operatorName } from '../deployment/operator-name.ts';
import { type CliIo, UsageError } from '../terminal/io.ts';
import { line } from '../terminal/terminal-text.ts';
import type { BuildReportFunction } from './activity.ts';

const answerSchema = z.object({
  resent: z.discriminatedUnion('sent', [
    z.object({ sent: z.literal(true), to: z.array(z.string()) }),
    z.object({ sent: z.literal(false), why: z.string() }),
  ]),
});

/** Has the report function, which may send mail, send a report again, in the name that AWS reports for the operator. */
export async function resend(
  requestId: string,
  functionName: string,
  io: CliIo,
  build: BuildReportFunction<'resend'>,
): Promise<void> {
  const by = await operatorName(io);
  const answer = await (await build(functionName)).resend({ requestId, askId: io.newId(), by });
  const parsed = answerSchema.safeParse(answer);
  if (!parsed.success)
    throw new UsageError(`${functionName} does not answer this; deploy the version of this checkout`);
  const { resent } = parsed.data;
  if (!resent.sent) throw new UsageError(whyNot(requestId, resent.why));
  io.stdout(line(resent.to.length === 0 ? 'sent before' : `sent to ${resent.to.join(', ')}`));
}

function whyNot(requestId: string, why: string): string {
  switch (why) {
    case 'unknown-request':
      return `there is no request ${requestId}`;
    case 'not-reported':
      return `the report of request ${requestId} is not out yet: glasshammer activity ${requestId}`;
    case 'too-often':
      return 'it was sent again so often that it is only now and then; wait an hour';
    default:
      return 'the request changed meanwhile; run the same command again';
  }
}
