import { durationWords, parseDuration, wholeMinutes } from '../core/model/duration.ts';
import type { Refusal, RefusalReason } from '../core/model/refusal.ts';
import { FIELDS, type FieldName } from './actions.ts';
import { ticketExample } from './ticket-example.ts';
import { sentenceFor } from './words/sentences.ts';
import { utcWords, withoutMarkup } from './words/wording.ts';

/** The form field that a person would change to avoid the refusal. */
const FIELD_OF: Readonly<Partial<Record<RefusalReason, FieldName>>> = {
  'too-long': FIELDS.duration,
  'hold-limit': FIELDS.duration,
  'per-day': FIELDS.duration,
  'malformed-duration': FIELDS.duration,
  cooldown: FIELDS.start,
  'outside-hours': FIELDS.start,
  'reason-required': FIELDS.reason,
  'ticket-required': FIELDS.ticket,
  'unknown-permission-set': FIELDS.permissionSet,
};

/** Refusals of the target as a whole. They are shown at the permission set, or at the first menu for a group. */
const OF_THE_TARGET: readonly RefusalReason[] = ['not-allowed', 'denied-by-policy', 'no-approver', 'malformed-record'];

/**
 * All reasons for a refusal, as sentences at the fields of the form: in plain text, because Slack shows no markup
 * there.
 *
 * @param nearest what would be allowed instead, in plain words; shown with the first reason if that is about the target
 * @param isGroup the target is a group, so the second menu is empty
 */
export function fieldErrorsOf(
  problems: readonly Refusal[],
  nearest: string | undefined,
  isGroup: boolean,
): Readonly<Partial<Record<FieldName, string>>> {
  const errors: Partial<Record<FieldName, string>> = {};
  for (const [index, problem] of problems.entries()) {
    const target = isGroup ? FIELDS.account : FIELDS.permissionSet;
    const field = FIELD_OF[problem.reason] ?? (OF_THE_TARGET.includes(problem.reason) ? target : FIELDS.account);
    const instead = index === 0 && nearest !== undefined && field === target ? ` Possible instead: ${nearest}.` : '';
    errors[field] = [errors[field], `${fieldSentence(problem)}${instead}`].filter(Boolean).join(' ').slice(0, 900);
  }
  return errors;
}

/** What is wrong with a field, for a person who can correct it right there. */
function fieldSentence(problem: Refusal): string {
  const raw = (problem.detail ?? '').trim();
  const seconds = parseDuration(raw);
  switch (problem.reason) {
    case 'too-long':
      return seconds === undefined ? 'That is too long. Choose less.' : `At most ${durationWords(seconds)} here.`;
    case 'hold-limit':
      return seconds === undefined
        ? 'You have this already, and no time is left without a break. Ask again when it has ended.'
        : `You have this already; ${durationWords(wholeMinutes(seconds))} more is left without a break.`;
    case 'per-day':
      return seconds === undefined
        ? 'Nothing is left of what is allowed within 24 hours.'
        : `${durationWords(wholeMinutes(seconds))} is left of what is allowed within 24 hours.`;
    case 'cooldown':
      return Number.isNaN(Date.parse(raw))
        ? 'A pause is needed before you can have this again.'
        : `A pause is needed before you can have this again, until ${utcWords(raw)}. Choose a later start.`;
    case 'outside-hours':
      return `Not given at this time${raw === '' ? '' : `: ${raw}`}. Choose a start within those hours.`;
    case 'reason-required':
      return /^\d+$/.test(raw) && Number(raw) > 1
        ? `Write a reason of at least ${raw} letters and digits.`
        : 'Write a reason.';
    case 'ticket-required': {
      const example = ticketExample(raw);
      return example === undefined
        ? `A ticket is needed that matches ${raw}.`
        : `A ticket is needed, such as ${example}.`;
    }
    default:
      return withoutMarkup(sentenceFor(problem));
  }
}
