import * as z from 'zod/mini';
import type { ListedCall } from '../../core/activity/classify/listed-call.ts';
import { inOrderOfRoom, inOrderOfWeight } from '../../core/activity/report/render/attachments.ts';
import type { ReportModel } from '../../core/activity/report/report.ts';
import type { SoFarAnswers } from '../../core/activity/report/so-far/may-see-so-far.ts';
import { readSoFar, type SoFar, type SoFarServices } from '../../core/activity/report/so-far/so-far.ts';
import { byteLength } from '../../core/model/text.ts';
import type { Chat } from '../../gateways/slack/chat.ts';
import { sendPrivately } from '../../gateways/slack/private-message.ts';
import { notice, refusedNotice } from '../../slack/views/ephemerals.ts';
import { soFarMessage } from '../../slack/views/reporting/so-far-message.ts';

const text = z.string().check(z.minLength(1), z.maxLength(200));

const soFarInput = z.strictObject({
  soFar: z.strictObject({
    requestId: text,
    askId: text,
    keep: z.optional(z.literal(true)),
    tell: z.optional(z.strictObject({ slackId: text, channel: z.optional(text), threadTs: z.optional(text) })),
  }),
});

/** The question what was done so far, and where the answer goes. */
export type SoFarEvent = z.infer<typeof soFarInput>['soFar'];

/** Reads the question; `undefined` if the event is none. */
export function readSoFarEvent(event: unknown): SoFarEvent | undefined {
  const parsed = z.safeParse(soFarInput, event);
  return parsed.success ? parsed.data.soFar : undefined;
}

export type SoFarFunctionServices = SoFarServices & {
  readonly answers: Pick<SoFarAnswers, 'keep'>;
  /** `undefined` without Slack. */
  readonly chat: Pick<Chat, 'post' | 'postEphemeral' | 'directChannel'> | undefined;
  /** Logs what went wrong. */
  onFailure(error: unknown): void;
};

/** Whether the answer was sent to Slack, whether it was stored, or the answer itself. */
export type SoFarAnswer =
  | { readonly told: boolean }
  | { readonly kept: boolean }
  | {
      readonly soFar:
        | Extract<SoFar, { read: false }>
        | {
            readonly read: true;
            readonly requestId: string;
            readonly model: ReportModel;
            readonly calls: readonly ListedCall[];
            /** How many calls did not fit into the answer. */
            readonly left: number;
          };
    };

/** The most bytes of calls in an answer: Lambda returns at most 6 MB, including the rest of the report. */
const MOST_BYTES = 4_000_000;

/**
 * Answers in Slack if the question came from there; otherwise returns the answer. In Slack a failure is answered with
 * an apology and not thrown: a retry a minute later would answer when nobody waits any more.
 */
export async function answerSoFar(question: SoFarEvent, services: SoFarFunctionServices): Promise<SoFarAnswer> {
  const { tell, keep } = question;
  const { chat } = services;
  // Only whether it was stored is returned: the answer may be larger than an execution of the workflow can carry.
  if (keep === true) return { kept: (await readAndKeep(question, services)).read };
  if (tell === undefined || chat === undefined) return asAnswer(await readAndKeep(question, services));
  try {
    const soFar = await readAndKeep(question, services);
    await sendPrivately(
      chat,
      tell,
      soFar.read ? soFarMessage(soFar.request, soFar.model) : refusedNotice(soFar.refusal),
    );
    return { told: true };
  } catch (error) {
    services.onFailure(error);
    await sendPrivately(chat, tell, notice(SORRY)).catch(services.onFailure);
    return { told: false };
  }
}

/**
 * Reads what was done and stores it, so that a person who asks in another way within the pause gets the same answer. If
 * it cannot be stored, it is answered all the same, and the next question reads again.
 */
async function readAndKeep({ requestId, askId }: SoFarEvent, services: SoFarFunctionServices): Promise<SoFar> {
  const soFar = await readSoFar(requestId, askId, services);
  if (soFar.read) await services.answers.keep(soFar.request.id, soFar.kept).catch(services.onFailure);
  return soFar;
}

const SORRY =
  ':warning: What was done so far could not be read now. Ask again in a minute; the report comes after the end.';

function asAnswer(soFar: SoFar): SoFarAnswer {
  if (!soFar.read) return { soFar };
  const { request, model, calls } = soFar;
  const kept: ListedCall[] = [];
  let room = MOST_BYTES;
  for (const call of inOrderOfRoom(calls)) {
    room -= byteLength(JSON.stringify(call)) + 1;
    if (room < 0) break;
    kept.push(call);
  }
  return {
    soFar: { read: true, requestId: request.id, model, calls: inOrderOfWeight(kept), left: calls.length - kept.length },
  };
}
