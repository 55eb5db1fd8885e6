import * as z from 'zod/mini';
import type { ListedCall } from '../../core/activity/classify/listed-call.ts';
import type { SoFarAnswers } from '../../core/activity/report/may-see-so-far.ts';
import { inOrderOfRoom, inOrderOfWeight } from '../../core/activity/report/render/attachments.ts';
import type { ReportModel } from '../../core/activity/report/report.ts';
import { readSoFar, type SoFar, type SoFarServices } from '../../core/activity/report/so-far.ts';
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

/** What was done so far: who asks for it, and where the answer goes. */
export type SoFarEvent = z.infer<typeof soFarInput>['soFar'];

/** Reads the question; `undefined`: something else is asked. */
export function readSoFarEvent(event: unknown): SoFarEvent | undefined {
  const parsed = z.safeParse(soFarInput, event);
  return parsed.success ? parsed.data.soFar : undefined;
}

export type SoFarFunctionServices = SoFarServices & {
  readonly answers: Pick<SoFarAnswers, 'keep'>;
  /** `undefined` where there is no Slack. */
  readonly chat: Pick<Chat, 'post' | 'postEphemeral' | 'directChannel'> | undefined;
  /** Logs what went wrong. */
  onFailure(error: unknown): void;
};

/** Whether it was told in Slack, or what is to be told. */
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
            /** Calls that had no room in the answer. */
            readonly left: number;
          };
    };

/** Lambda answers at most 6 MB, the report's own words beside the calls included. Bytes. */
const MOST_BYTES = 4_000_000;

/**
 * Answers in Slack where somebody asked there, else returns the answer. In Slack every question is answered, with an apology if need
 * be, and none fails: tried again a minute later, the answer would be for nobody.
 */
export async function answerSoFar(question: SoFarEvent, services: SoFarFunctionServices): Promise<SoFarAnswer> {
  const { tell, keep } = question;
  const { chat } = services;
  // An answer that nobody waits for may be larger than an execution of the workflow can carry.
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

/** Whoever asks within the pause by another way is told the same: what cannot be kept is read again later, and told now. */
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
