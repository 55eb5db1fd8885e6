import type { HomeView, ModalView } from '@slack/types';
import type { ForgedCall } from '../../core/access/request/forged-call.ts';
import { identifyPerson } from '../../core/access/request/identity/identify.ts';
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
import { peopleOf } from '../../slack/people.ts';
import { lostRaceNotice } from '../../slack/views/approving/approver-notices.ts';
import { strangerModal } from '../../slack/views/asking/stranger-modal.ts';
import { refusedNotice, strangerNotice } from '../../slack/views/ephemerals.ts';
import { refusedHomeView } from '../../slack/views/home.ts';
import { logFailure } from '../shared/log.ts';
import { METRICS } from '../shared/monitoring/metric-catalog.ts';
import { count } from '../shared/monitoring/metrics.ts';
import { isRequestId } from '../shared/request-id.ts';
import { writeRefusal } from '../shared/write-refusal.ts';
import type { HttpAnswer } from './http.ts';
import { replyToAction } from './reply.ts';
import type { Services } from './services.ts';

/** The calls of Slack that can be refused. */
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
  /** The request the call was about, if it was found. */
  readonly request?: AccessRequest | undefined;
  /** The request id that the button or form claims; may be any text. */
  readonly named?: string;
}

/** What the person is told about a refusal, in the form each place in Slack needs. */
interface RefusalWords {
  readonly notice: MessageView;
  /** For a person who could not be identified: with the Slack user id that an operator needs to register them. */
  readonly strangers: { notice(): MessageView; modal(): ModalView; home(): HomeView };
}

/**
 * Writes the refusal to the audit log and returns the words for it; no other function returns them, so that no refusal
 * goes unrecorded. It never throws: if the write fails, the person is answered all the same and the metric
 * `AuditFailed` counts it. A refused ask does not come here: it is stored as a request.
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

/** Refuses a press and tells the person who pressed. */
export async function replyRefused(
  call: BlockAction,
  named: string,
  { refusal, request }: Omit<Refused, 'named'>,
  all: Services,
): Promise<HttpAnswer> {
  const { notice } = await refuse(call, { refusal, request, named }, all);
  return replyToAction(call, notice, all);
}

/** Refuses a press whose button names no request or target that could be read. */
export async function replyUnknown(call: BlockAction, all: Services): Promise<HttpAnswer> {
  // Identify the person all the same: the audit keeps the refusals of a stranger once an hour, not once a press.
  const who = await identifyPerson(call.caller, all);
  return replyRefused(call, '', who.identified ? { refusal: { reason: 'unknown-request' } } : who, all);
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

/**
 * The id of the action, and a value that stays the same when Slack delivers the call again. Calls that are not presses
 * (menus, the App Home) are recorded once an hour.
 */
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
      // Only the verb is kept, not what else the person typed.
      return { action: verb === 'ask' ? call.command : `${call.command} ${verb}`, pressedAt: call.triggerId ?? at };
    }
    case 'block-suggestion':
      return { action: `menu ${call.actionId}`, pressedAt: at.slice(0, 13) };
    case 'app-home-opened':
      return { action: 'home', pressedAt: at.slice(0, 13) };
  }
}

/** For a press that came too late, the notice says who decided the request, and how. */
function noticeOfRefusal(refusal: Refusal, request: AccessRequest | undefined): MessageView {
  const late = ['already-decided', 'already-voted', 'request-expired'].includes(refusal.reason);
  return late && request !== undefined ? lostRaceNotice(refusal, request, peopleOf(request)) : refusedNotice(refusal);
}

/** Records a call that Slack did not send. It never throws, like `refuse`. */
export async function noteForged(call: ForgedCall, all: Pick<Services, 'noteForged' | 'now'>): Promise<void> {
  try {
    await all.noteForged(call, all.now().toISOString());
  } catch (error) {
    logFailure('slack.forged-call-lost', error);
    count(METRICS.auditFailed);
  }
}
