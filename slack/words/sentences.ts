import { grantFailureKind } from '../../core/access/lease/grant/grant-failure.ts';
import { durationWords, parseDuration, wholeMinutes } from '../../core/model/duration.ts';
import type { Refusal, RefusalReason } from '../../core/model/refusal.ts';
import { GRANT_ADVICE } from '../grant-advice.ts';
import { ticketExample } from '../ticket-example.ts';
import { code, oneLine, slackDate } from './wording.ts';

/** How many characters of a detail a sentence shows. */
const DETAIL_LENGTH = 400;

/** An alert's button has no field for a reason or ticket; the form has both. */
const GIVE_IT_THERE = "Ask with `/access`, whose form has a field for it; an alert's button has none.";

/**
 * One sentence for each refusal that a tired on-call engineer can act on: what is wrong, and what to do next. `detail`
 * is already escaped for Slack and may be empty.
 */
const SENTENCES: Readonly<Record<RefusalReason, (detail: string, raw: string) => string>> = {
  'unknown-user': () =>
    'Your Slack user is not linked to an AWS Identity Center user. Ask an operator to run `glasshammer principal set` for you.',
  'malformed-principal-record': (detail) =>
    `The record that links your Slack user to AWS cannot be read${because(detail)}. Ask an operator to correct it.`,
  'ambiguous-identity': (detail) =>
    `More than one AWS Identity Center user matches you${because(detail)}, so nothing was given to any of them. Ask an operator to link your Slack user to one.`,
  'principal-not-found': (detail) =>
    `The AWS Identity Center user you are linked to does not exist${because(detail)}. Ask an operator to correct your record.`,
  'principal-disabled': (detail) =>
    `Your AWS Identity Center user is disabled${because(detail)}. Ask the administrators of your directory to enable it.`,
  'slack-user-unreadable': (detail) =>
    detail === ''
      ? 'Slack did not tell us who you are, so nothing was started. Wait a minute and try again.'
      : `Slack says that there is no such user as you${because(detail)}, so nothing was started. Ask an operator.`,
  'other-workspace': () => "This works only from the company's own Slack workspace. Try again from there.",
  guest: () => 'Guests of this workspace cannot get AWS access. Ask a full member to request it.',
  bot: () => 'Bots cannot get AWS access. A person has to press the button.',
  'deactivated-user': () => 'Your Slack user is deactivated, so nothing was started. Ask a Slack administrator.',
  'slack-connect-user': () =>
    "You belong to another company's Slack workspace, and only our own people can get AWS access. Ask your contact here to request it.",
  'caller-unproven': (detail) =>
    `AWS did not prove who you are${because(detail)}, so nothing was done. Sign in again through the access portal, and use that session.`,

  'unreadable-button': (detail) =>
    `This button does not say what it gives${because(detail)}. Use /access instead, and tell the people who maintain the alert.`,
  'unknown-account': (detail) =>
    `There is no such AWS account in this organization${because(detail)}. Check the account id, or choose it with /access.`,
  'account-not-active': (detail) =>
    `That AWS account is not active${because(detail)}. Ask the administrators of the organization about it.`,
  'unknown-permission-set': (detail) =>
    `There is no such permission set here${because(detail)}. Check its name, or choose it with /access.`,
  'unknown-group': (detail) => `There is no such group${because(detail)}. Check its name, or choose it with /access.`,
  'malformed-duration': (detail) =>
    `That is not a duration${because(detail)}. Write it as \`30m\`, \`1h\` or \`1h30m\` and ask again.`,

  'not-allowed': (detail) =>
    `No policy lets you have this${because(detail)}. See with /access what you may ask for, or ask an operator.`,
  'denied-by-policy': (detail) =>
    `A policy forbids this, whatever others allow${because(detail)}. Ask somebody who may have it, or an operator.`,
  'left-out': (detail) =>
    `Nobody is given access to this here, whatever a policy says${because(detail)}. Ask an operator if that is not meant.`,
  'too-long': (detail, raw) => {
    const seconds = parseDuration(raw);
    return seconds === undefined
      ? `You cannot have this for that long${because(detail)}. Ask again for a shorter time.`
      : `You cannot have this for that long. The longest you can have is ${durationWords(seconds)}: ask again for that or less.`;
  },
  'reason-required': (detail, raw) => {
    const length = /^\d+$/.test(raw) ? Number(raw) : undefined;
    const how = length === undefined ? because(detail) : length > 1 ? ` of at least ${length} letters and digits` : '';
    return `This needs a reason${how}. ${GIVE_IT_THERE}`;
  },
  'ticket-required': (_detail, raw) => {
    const example = ticketExample(raw);
    const such = example === undefined ? '' : ` such as ${code(example)}`;
    const pattern = raw === '' ? '' : ` (it must match ${code(raw, DETAIL_LENGTH)})`;
    return `This needs a ticket${such}${pattern}. ${GIVE_IT_THERE}`;
  },
  'hold-limit': (detail, raw) => {
    const seconds = parseDuration(raw);
    return seconds === undefined
      ? 'You cannot have this any longer without a break: no time is left of what is allowed. It ends at its time, and you can ask again after that.'
      : `You hold this already, and cannot have it for so much longer without a break. What is left is ${durationWords(wholeMinutes(seconds))}: ask for that or less${detail === '' ? '' : '.'}`;
  },
  'per-day': (_detail, raw) => {
    const seconds = parseDuration(raw);
    return seconds === undefined
      ? 'You have had this for as long as is allowed within 24 hours. Ask again later.'
      : `Within 24 hours you can have this for ${durationWords(wholeMinutes(seconds))} more: ask again for that or less.`;
  },
  cooldown: (_detail, raw) =>
    `You had this a short while ago, and there must be a pause before you can have it again${Number.isNaN(Date.parse(raw)) ? '' : `, until ${slackDate(raw)}`}. Ask again then.`,
  'outside-hours': (detail) => `This is not given at this time${because(detail)}. Ask again within those hours.`,
  'no-approver': (detail) =>
    `This needs an approval, and nobody who could give it is left${because(detail)}. Ask an operator to name approvers.`,
  'malformed-record': (detail) =>
    `A record that may cover this cannot be read, so nothing can be given by it${because(detail)}. Ask an operator to run \`glasshammer policy check\`.`,
  // With a detail, one policy cannot be read until an operator corrects it; without, the access table did not answer.
  'policy-unreadable': (detail, raw) =>
    detail === ''
      ? 'The policies could not be read, so nothing was given. Try again in a minute; if it stays like this, use your emergency procedure.'
      : `The policy ${code(raw)} cannot be read and may forbid this, so nothing was given. Trying again does not help: ask an operator to correct it, or use your emergency procedure.`,
  'directory-unreadable': (detail) =>
    `AWS Identity Center or Organizations did not answer, so nothing was given${because(detail)}. Try again in a minute; if it stays like this, use your emergency procedure.`,
  locked: (detail) => `An operator has stopped your access${because(detail)}. Ask in the operators' channel.`,
  frozen: (detail) => `All new access is stopped by an operator${because(detail)}. Ask in the operators' channel.`,

  'unknown-request': () => 'That request does not exist any more. Ask again with /access.',
  'not-yours': () => 'Only the person who asked can do that. Ask them, or an operator.',
  'not-approver': (detail) =>
    `You are not one of the people who may decide this${because(detail)}. It waits for the approvers named in the message.`,
  'own-request': () => 'You cannot decide your own request. One of the other approvers has to.',
  'already-voted': (detail) => `Your vote is already counted${because(detail)}. Nothing more is needed from you.`,
  'nobody-else': () => 'Nobody else can decide this now, so there is nobody to hand it on to.',
  'nudged-lately': (_detail, raw) =>
    `They were reminded a short while ago${Number.isNaN(Date.parse(raw)) ? '' : `; you can nudge them again ${slackDate(raw)}`}.`,
  'not-begun': () => 'This access has not begun, so there is nothing to look at yet.',
  'already-reported': () => 'This access is over and its report is out: read there what was done.',
  'asked-lately': (_detail, raw) =>
    `What was done was read a moment ago. Ask again${Number.isNaN(Date.parse(raw)) ? ' in a minute' : ` after ${slackDate(raw)}`}.`,
  'already-decided': (detail) => `This request is already decided${because(detail)}. Nothing was changed.`,
  'request-expired': (detail) =>
    `This request expired before it was decided${because(detail)}. The person can ask again with /access.`,
  'already-ended': (detail) => `This access has already ended${because(detail)}. Ask again if you still need it.`,
  'access-changed': () =>
    'Somebody prolonged this access, or another request became part of it, so it was not ended. Look at it again.',
  'not-auditor': () => 'Only auditors and operators see what does not concern them. Ask one of them.',
  'not-operator': () => 'Only operators can do that. Ask one of them.',
  'own-lock': () => 'You cannot lift your own lock. Another operator has to.',
  'sessions-denied': () =>
    'This lock denies running sessions as well. Lift it with "glasshammer unlock", which allows them again.',
  'unknown-proposal': () => 'There is no such proposal. Look at the list of those that wait.',
  'policy-errors': (detail) =>
    `These policies do not pass the check${because(detail)}. Correct them and propose again.`,
  'no-change': () => 'The policies are exactly these already, so there is nothing to change.',
  'too-many-policies': (detail) =>
    `This changes more policies than can be written at once${because(detail)}. Propose it in parts.`,
  'removes-policies': (detail) =>
    `This removes policies, or makes one allow that denied or required something${because(detail)}. If that is meant, say how many may be removed.`,
  'policies-changed': () =>
    'Somebody changed the policies after this was proposed, so it was not written. Propose it anew, on the policies as they are now.',
  'other-text': () => 'This is not the text you have looked at. Look at the proposal again.',
  'own-proposal': () => 'You cannot accept what you proposed yourself. Another operator has to.',
  'proposer-not-operator': () =>
    'The person who proposed this is not an operator any more, or is locked. Propose it yourself, for another operator to accept.',
  'proposal-expired': () => 'Nobody accepted this proposal in time. Propose it anew.',
  'proposal-over': (detail) => `This proposal is done already${because(detail)}. Nothing was changed.`,
  'already-waiting': (_detail, raw) =>
    `You have a request for this already that is not done${raw === '' ? '' : ` (${code(raw)})`}. Cancel that one first, or wait for it.`,
  'nothing-to-answer': () => 'Nothing is left to answer here: it was answered already, or nobody asked.',
  'nothing-to-review': () => 'Nothing is left to review here: it was reviewed already, or no review is owed.',

  'nothing-held': () => 'You have no access through Glasshammer now. Ask for some with /access.',

  'no-longer-allowed': (detail) =>
    `The policies or your account changed after you asked, and this is not allowed any more${because(detail)}. Nothing was given; see with /access what you may ask for.`,
  'access-over': () =>
    'The access it would extend has ended, so there is nothing to extend. Ask for it anew with /access if you still need it.',
  'grant-failed': (detail, raw) =>
    `AWS did not give the access${because(detail)}. Anything half done is cleaned up. ${GRANT_ADVICE[grantFailureKind(raw)]}`,
};

/** What a refusal tells the person, escaped for Slack and on one line. A reason without a sentence does not compile. */
export function sentenceFor({ reason, detail = '' }: Refusal): string {
  // A stored reason may come from another version of Glasshammer.
  const sentence = Object.hasOwn(SENTENCES, reason) ? SENTENCES[reason] : undefined;
  const shown = oneLine(detail, DETAIL_LENGTH).replace(/[.\s]+$/, '');
  return sentence?.(shown, detail.trim()) ?? `This was refused (${oneLine(reason, 60)}). Ask an operator.`;
}

function because(detail: string): string {
  return detail === '' ? '' : ` (${detail})`;
}
