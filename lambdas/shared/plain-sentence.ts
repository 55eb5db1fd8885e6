import type { Refusal, RefusalReason } from '../../core/model/refusal.ts';
import { ticketExample } from '../../slack/ticket-example.ts';
import { sentenceFor } from '../../slack/words/sentences.ts';
import { withoutMarkup } from '../../slack/words/wording.ts';

/**
 * Sentences without Slack, for those reasons whose sentence in `slack/words/sentences.ts` mentions Slack. `detail` may be
 * empty.
 */
const WITHOUT_SLACK: Readonly<Partial<Record<RefusalReason, (detail: string) => string>>> = {
  'unknown-account': (detail) => `There is no such AWS account in this organization${because(detail)}. Check its id.`,
  'unknown-permission-set': (detail) => `There is no such permission set here${because(detail)}. Check its name.`,
  'unknown-group': (detail) => `There is no such group${because(detail)}. Check its name.`,
  'not-allowed': (detail) =>
    `No policy lets you have this${because(detail)}. List what you may ask for, or ask an operator.`,
  'reason-required': (detail) =>
    Number(detail) > 1
      ? `This needs a reason of at least ${detail} letters and digits. Give one.`
      : 'This needs a reason. Give one.',
  'ticket-required': (detail) => {
    const example = ticketExample(detail);
    return `This needs a ticket${example === undefined ? '' : ` such as ${example}`}${detail === '' ? '' : ` (it must match ${detail})`}. Give one.`;
  },
  'unknown-request': () => 'There is no such request, or it does not concern you.',
  'not-approver': (detail) => `You are not one of the people who may decide this${because(detail)}.`,
  'request-expired': (detail) =>
    `This request expired before it was decided${because(detail)}. The person can ask again.`,
  'nothing-held': () => 'You have no access through Glasshammer now.',
  'no-longer-allowed': (detail) =>
    `The policies or your account changed after you asked, and this is not allowed any more${because(detail)}. Nothing was given.`,
  'access-over': () =>
    'The access it would extend has ended, so there is nothing to extend. Ask anew if you still need it.',
  frozen: (detail) => `All new access is stopped by an operator${because(detail)}. Ask an operator.`,
  locked: (detail) => `An operator has stopped your access${because(detail)}. Ask an operator.`,
  'unreadable-button': (detail) => `It does not say what is asked for${because(detail)}.`,
};

/** What a refusal tells the person, in plain text that does not mention Slack. */
export function plainSentence(refusal: Refusal): string {
  const own = WITHOUT_SLACK[refusal.reason];
  return own === undefined ? withoutMarkup(sentenceFor(refusal)) : own(oneLine(refusal.detail ?? ''));
}

function oneLine(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 400)
    .replace(/[.\s]+$/, '');
}

function because(detail: string): string {
  return detail === '' ? '' : ` (${detail})`;
}
