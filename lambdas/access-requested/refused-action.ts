import type { HomeView, ModalView } from '@slack/types';
import type { ForgedCall } from '../../core/access/request/forged-call.ts';
import type { Refusal } from '../../core/model/refusal.ts';
import type { AccessRequest } from '../../core/model/request.ts';
import type { MessageView } from '../../slack/blocks.ts';
import type {
  AppHomeOpened,
  BlockAction,
  BlockSuggestion,
  LegacyAction,
  Shortcut,
  SlashCommand,
  ViewSubmission,
} from '../../slack/call.ts';
import { readAccessCommand } from '../../slack/payload/access-command.ts';
import { lostRaceNotice } from '../../slack/views/approving/approver-notices.ts';
import { strangerModal } from '../../slack/views/asking/stranger-modal.ts';
import { refusedNotice, strangerNotice } from '../../slack/views/ephemerals.ts';
import { refusedHomeView } from '../../slack/views/home.ts';
import { logFailure } from '../shared/log.ts';
import { METRICS } from '../shared/metric-catalog.ts';
import { count } from '../shared/metrics.ts';
import { isRequestId } from '../shared/request-id.ts';
import { writeRefusal } from '../shared/write-refusal.ts';
import type { HttpAnswer } from './http.ts';
import { replyToAction } from './reply.ts';
import type { Services } from './services.ts';

/** Whatever somebody does in Slack that can be refused to them. */
type RefusableCall =
  | BlockAction
  | LegacyAction
  | ViewSubmission
  | BlockSuggestion
  | Shortcut
  | SlashCommand
  | AppHomeOpened;

interface Refused {
  readonly refusal: Refusal;
  /** The request it was about, where it was found. */
  readonly request?: AccessRequest | undefined;
  /** What the button or form claims to be about; anything. */
  readonly named?: string;
}

/** What somebody is told who was refused something, in the forms that the places have where they can be told it. */
interface RefusalWords {
  readonly notice: MessageView;
  /** For somebody whom nobody knows: with the id by which an operator can change that. */
  readonly strangers: { notice(): MessageView; modal(): ModalView; home(): HomeView };
}

/**
 * Refuses somebody something: it is written down who was refused what and why, and then there are the words for it, which are to be had
 * nowhere else. It never throws: the person is answered, and the alarm of the audit tells that it is not written. A refused ask is none
 * of this: it is kept as a request.
 */
export async function refuse(
  call: RefusableCall,
  { refusal, request, named = '' }: Refused,
  all: Pick<Services, 'refusals' | 'now'>,
): Promise<RefusalWords> {
  await noteRefused(call, named, refusal, all);
  const { slackId } = call.caller;
  return {
    notice: noticeOfRefusal(refusal, request),
    strangers: {
      notice: () => strangerNotice(refusal, slackId),
      modal: () => strangerModal(refusal, slackId),
      home: () => refusedHomeView(refusal, slackId),
    },
  };
}

/** Refuses a press, and tells the person why. */
export async function replyRefused(
  call: BlockAction,
  named: string,
  { refusal, request }: Omit<Refused, 'named'>,
  all: Services,
): Promise<HttpAnswer> {
  const { notice } = await refuse(call, { refusal, request, named }, all);
  return replyToAction(call, notice, all);
}

async function noteRefused(
  call: RefusableCall,
  named: string,
  refusal: Refusal,
  { refusals, now }: Pick<Services, 'refusals' | 'now'>,
): Promise<void> {
  const at = now().toISOString();
  const refused = { caller: call.caller, ...pressOf(call, at), refusal };
  await writeRefusal(isRequestId(named) ? { ...refused, requestId: named } : refused, at, refusals);
}

/** What was done, by its id, and what is equal when Slack delivers it again. Of what is not pressed, once an hour is enough to know. */
function pressOf(call: RefusableCall, at: string): { readonly action: string; readonly pressedAt: string } {
  switch (call.kind) {
    case 'block-action':
      return { action: call.action.actionId, pressedAt: call.actionTs ?? call.triggerId ?? at };
    case 'legacy-action':
      return { action: call.action.name, pressedAt: call.actionTs ?? call.triggerId ?? at };
    case 'view-submission':
      return { action: call.view.callbackId, pressedAt: call.view.id || at };
    case 'shortcut':
      return { action: call.callbackId, pressedAt: call.triggerId ?? at };
    case 'slash-command': {
      const { verb } = readAccessCommand(call.text);
      // No more of what was typed than what it was for.
      return { action: verb === 'ask' ? call.command : `${call.command} ${verb}`, pressedAt: call.triggerId ?? at };
    }
    case 'block-suggestion':
      return { action: `menu ${call.actionId}`, pressedAt: at.slice(0, 13) };
    case 'app-home-opened':
      return { action: 'home', pressedAt: at.slice(0, 13) };
  }
}

/** A press that came too late reads by whom it was decided, and how. */
function noticeOfRefusal(refusal: Refusal, request: AccessRequest | undefined): MessageView {
  const late = ['already-decided', 'already-voted', 'request-expired'].includes(refusal.reason);
  return late && request !== undefined ? lostRaceNotice(refusal, request, peopleOf(request)) : refusedNotice(refusal);
}

/** Slack users of those whom a request was shown to. */
export function peopleOf({ asked }: AccessRequest): ReadonlyMap<string, string> {
  return new Map(Object.entries(asked?.slackIds ?? {}));
}

/** Writes down that there was a call which Slack did not send. It never throws, as above. */
export async function noteForged(call: ForgedCall, all: Pick<Services, 'noteForged' | 'now'>): Promise<void> {
  try {
    await all.noteForged(call, all.now().toISOString());
  } catch (error) {
    logFailure('slack.forged-call-lost', error);
    count(METRICS.auditFailed);
  }
}
