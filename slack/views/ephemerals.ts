import type { KnownBlock } from '@slack/types';
import { keptWords } from '../../core/access/notify/outcome-words.ts';
import { endWith } from '../../core/model/access.ts';
import { durationWords } from '../../core/model/duration.ts';
import type { HeldAccess } from '../../core/model/held-access.ts';
import type { Refusal } from '../../core/model/refusal.ts';
import type { AccessRequest } from '../../core/model/request.ts';
import { isGroupTarget } from '../../core/model/target.ts';
import { type MessageView, section } from '../blocks.ts';
import { LIMITS } from '../limits.ts';
import { peopleOf, requesterWords } from '../people.ts';
import { sentenceFor } from '../words/sentences.ts';
import { code, cut, nearestWords, slackDate } from '../words/wording.ts';
import { askedWords, noteWords, targetWords, withdrawnWords } from './asking/request-parts.ts';
import { statusLines } from './status-lines.ts';

/** Ephemeral answers to a person's action: what happens next, or why nothing does. */

/**
 * The answer to a press of a legacy button or to a slash command. Only the person sees it, and the original message
 * stays.
 */
export interface PrivateAnswer {
  readonly response_type: 'ephemeral';
  readonly replace_original: false;
  readonly text: string;
  readonly blocks: KnownBlock[];
}

/** A notice in the format that answers a legacy button, a slash command or a `response_url`. */
export function privateAnswer({ text, blocks }: MessageView): PrivateAnswer {
  return { response_type: 'ephemeral', replace_original: false, text, blocks };
}

/** The answer to an ask that needs no approval. It does not say that access is there, because it is not yet. */
export function grantingNotice(request: AccessRequest): MessageView {
  const opening =
    request.breakGlass || request.origin.kind === 'alert' ? ':hammer: *Glass broken:* granting' : ':hammer: Granting';
  const until =
    request.endsAt === '' ? `for ${durationWords(request.durationSeconds)}` : `until ${slackDate(request.endsAt)}`;
  return notice(
    `${opening} ${targetWords(request)} ${until}. ${where(request)} tells you as soon as it works, within a minute or so.`,
  );
}

/** The answer to an ask that needs no approval and extends access the person has: when that access will end. */
export function extendingNotice(request: AccessRequest, held: HeldAccess): MessageView {
  const endsAt = endWith(request, held, request.requestedAt);
  const what = targetWords(request);
  return notice(
    endsAt > held.endsAt
      ? `:heavy_plus_sign: You have ${what} already; it is being extended until ${slackDate(endsAt)}. Its message shows the new end in a moment.`
      : `:unlock: You have ${what} already, until ${slackDate(held.endsAt)}. That is later than what you asked for, so the end stays.`,
  );
}

/** The answer to an ask that waits for approvers. Who they are in Slack is looked up later, for the status message. */
export function pendingNotice(request: AccessRequest): MessageView {
  const expires =
    request.expiresAt === undefined ? '' : ` Without an answer it expires ${slackDate(request.expiresAt)}.`;
  return notice(
    `:hourglass_flowing_sand: Asked the approvers to approve ${askedWords(request, { isTold: false })}. ${where(request)} names them, and you are told as soon as it is decided.${expires}`,
  );
}

/** The answer to an ask that cannot be sent as it is: a form has to ask for what is missing. */
export function unaskedNotice(request: AccessRequest): MessageView {
  return notice(
    `:information_source: Nothing is asked for yet: ${targetWords(request)} needs a reason, a ticket or a confirmation. Ask with \`/access\`, whose form asks for it.`,
  );
}

/** The answer to an ask whose start is in the future. */
export function scheduledNotice(request: AccessRequest): MessageView {
  return notice(
    `:calendar: You get ${targetWords(request)} from ${slackDate(request.startsAt)} until ${slackDate(request.endsAt)}.`,
  );
}

/** The answer to a second press or a redelivery: nothing new was started, and how the first request stands. */
export function duplicateNotice(request: AccessRequest): MessageView {
  const { sign, headline } = statusLines(request, { people: peopleOf(request) });
  return notice(`You asked for this already, so nothing new was started. ${sign} ${headline}`);
}

/** The answer to an ask for access that the person has already: nothing new was started. */
export function alreadyActiveNotice(request: AccessRequest): MessageView {
  return notice(
    `:unlock: You already have ${targetWords(request)} until ${slackDate(request.endsAt)}, so nothing new was started.`,
  );
}

/** A refusal, with the nearest thing that would be allowed (plain words) and the request's id for looking it up. */
export function refusedNotice(
  refusal: Refusal,
  more: {
    readonly nearest?: string | undefined;
    readonly requestId?: string | undefined;
    /** What was asked for, if it is known. */
    readonly asked?: Pick<AccessRequest, 'target' | 'names'> | undefined;
  } = {},
): MessageView {
  const nearest = nearestWords(more.nearest ?? '', 500);
  const id = more.requestId === undefined || more.requestId === '' ? '' : `Request ${code(more.requestId)}`;
  const asked = more.asked === undefined || !isKnown(more.asked) ? '' : `*Asked for:* ${targetWords(more.asked)}`;
  return notice(
    `:no_entry: ${sentenceFor(refusal)}`,
    asked,
    nearest === '' ? '' : `*Possible instead:* ${nearest}`,
    id,
  );
}

function isKnown({ target }: Pick<AccessRequest, 'target'>): boolean {
  return isGroupTarget(target) ? target.groupId !== '' : target.accountId !== '';
}

/** A refusal of a person who cannot be identified, with the Slack user id that an operator needs to link them. */
export function strangerNotice(refusal: Refusal, slackId: string): MessageView {
  return notice(`:no_entry: ${sentenceFor(refusal)}`, slackIdWords(slackId));
}

/** The Slack user id that the person has to tell an operator to be linked. */
export function slackIdWords(slackId: string): string {
  return `Your Slack id is ${code(slackId)}; tell it to the operator you ask.`;
}

/** The answer to an approver's vote. `stillNeeded`: how many more approvals the request needs. */
export function voteNotice(request: AccessRequest, vote: 'approve' | 'deny', stillNeeded = 0): MessageView {
  if (vote === 'deny') return notice(`:x: Denied: ${targetWords(request)}. The person who asked is told why.`);
  return notice(
    stillNeeded > 0
      ? `:white_check_mark: Your approval of ${targetWords(request)} is counted. More are needed: ${stillNeeded}.`
      : `:white_check_mark: Approved: ${targetWords(request)}. ${comingWords(request)}`,
  );
}

/** Approved access is decided once more when it is given: a freeze or a changed policy may stop it. */
function comingWords({ startsAt, decidedAt }: AccessRequest): string {
  return decidedAt !== undefined && startsAt > decidedAt
    ? `It is given ${slackDate(startsAt)} if that is still allowed then.`
    : 'It is given now if that is still allowed; the message of the request says whether it came to be.';
}

/**
 * The answer to "I'm done" or "Cancel request" if an outdated message still shows that button: which button to press
 * instead. `undefined` if there is none.
 */
export function otherButtonNotice(request: AccessRequest): MessageView | undefined {
  const what = targetWords(request);
  switch (request.state) {
    case 'pending':
    case 'scheduled':
      return notice(
        `:hourglass_flowing_sand: You do not have ${what} yet. To take the request back, press *Cancel request*.`,
      );
    case 'approved':
    case 'granting':
      return notice(
        `:hourglass_flowing_sand: ${what} is being made right now. Press *I'm done* as soon as its message says that you have it.`,
      );
    case 'active':
      return notice(`:unlock: You have ${what} already. To end it, press *I'm done*.`);
    default:
      return undefined;
  }
}

/**
 * The answer to "I'm done": what happens to the access.
 *
 * @param besides the person's later request for the same, which stays, and their request for more time, which is
 * cancelled
 */
export function endingNotice(
  request: AccessRequest,
  besides: { readonly later?: AccessRequest; readonly withdrawn?: AccessRequest } = {},
): MessageView {
  const { later, withdrawn } = besides;
  const what = targetWords(request);
  const kept = keptWords(request);
  const ends =
    kept === ''
      ? `:lock: Ending ${what} now. ${where(request)} says when it is gone.`
      : `:lock: Ending this access through Glasshammer now. You keep ${what}, ${kept}.`;
  const stays =
    later === undefined
      ? ''
      : ` Your request for later stays: from ${slackDate(later.startsAt)} until ${slackDate(later.endsAt)}. Cancel it in the Home of this app if you do not need it.`;
  const back =
    withdrawn === undefined ? '' : ` Your request for ${durationWords(withdrawn.durationSeconds)} more is taken back.`;
  return notice(`${ends}${back}${stays}`);
}

/** The answer to an approver who ended another person's access. */
export function endedForNotice(request: AccessRequest): MessageView {
  const kept = keptWords(request);
  return notice(
    kept === ''
      ? `:lock: Ending ${targetWords(request)} of ${requesterWords(request)} now. They are told that it was you, and why.`
      : `:lock: Ending this access of ${requesterWords(request)}. They keep ${targetWords(request)}, ${kept}, and are told that it was you.`,
  );
}

/** Tells the requester that the request is cancelled. */
export function cancelledNotice(request: AccessRequest): MessageView {
  return notice(`:x: Cancelled: ${withdrawnWords(request)}`);
}

/** The answer to `/access help`. */
export function helpNotice(): MessageView {
  return notice(
    ':hammer: `/access` opens a form with what you may ask for; whatever you type behind it is put in as the reason.',
    '`/access prod admin 1h "why"` fills the form in, or sends it where that is complete and clear. `/access status` shows what is yours, `/access end` ends it, `/access extend 1h` asks for more.',
    "You are told here what becomes of it, and access ends by itself: *I'm done* ends it earlier, *Extend* asks for more. What is done with it is reported.",
    "An alert's *Break glass* button asks at once. What is yours, and what waits for you, is in the Home of this app.",
  );
}

/** The answer to "What was done so far": it is being read, and the result follows. */
export function readingSoFarNotice(request: AccessRequest): MessageView {
  return notice(
    `:mag: Reading what was done so far with ${targetWords(request)}. The answer comes here, within a minute.`,
  );
}

/** The answer to a reviewer. */
export function reviewedNotice(request: AccessRequest): MessageView {
  const note = noteWords(request.review?.note);
  const questioned = request.review?.status === 'questioned';
  return notice(
    questioned
      ? `:warning: Your question is in the thread and in the audit${note === '' ? '.' : `: ${note}`}`
      : ':white_check_mark: Reviewed. Thank you.',
  );
}

/** The answer to a person who has answered a reviewer's question. */
export function answeredNotice(request: AccessRequest): MessageView {
  return notice(`:speech_balloon: Your answer about ${targetWords(request)} is with the reviewer, and in the audit.`);
}

/**
 * Something failed in Glasshammer, and it is not known how far the call got.
 *
 * @param id the id of the call in the logs of the API and of the function
 */
export function troubleNotice(id?: string): MessageView {
  return notice(
    ':warning: Something went wrong here, and it is not certain that your request was taken. Try again: doing it twice is harmless.',
    id === undefined || id === '' ? '' : `If it stays like this, tell an operator this id: ${code(id)}`,
  );
}

/**
 * Where the status message of the request is. Before it is posted, it is not known whether the app may write into the
 * alert's channel; if it may not, the message is sent to the person directly.
 */
function where({ origin, messages }: AccessRequest): string {
  const story = messages.find(({ role }) => role === 'story');
  if (origin.kind !== 'alert') return 'A message';
  if (story !== undefined) return story.channel === origin.channel ? 'The thread' : 'A direct message';
  return origin.channel?.startsWith('D') === true ? 'A direct message' : 'The thread or a direct message';
}

/** A few lines for one person. */
export function notice(...lines: readonly string[]): MessageView {
  return { text: cut(lines[0] ?? '', LIMITS.messageText), blocks: [section(...lines)] };
}
