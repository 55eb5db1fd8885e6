import type { AccessPreview } from '../../../core/access/request/preview-access.ts';
import { durationWords } from '../../../core/model/duration.ts';
import { ticketExample } from '../../ticket-example.ts';
import { sentenceFor } from '../../words/sentences.ts';
import { code, count, listWords, nearestWords, oneLine, slackDate } from '../../words/wording.ts';

/** Shown in the form before anything is chosen. */
export const NOTHING_CHOSEN = 'Choose what you need, and this says what will come of it.';

/** The outcome of the ask in the form: given at once, after whose approval, or why not and what is possible instead. */
export function outcomeLines(preview: AccessPreview): string[] {
  return [verdict(preview), heldLine(preview), limitLine(preview), demandLine(preview)].filter((line) => line !== '');
}

/** How many characters the reasons of a refusal may have together; each has up to 900. */
const MOST_WORDS = 2_400;

function verdict(preview: AccessPreview): string {
  const { outcome, breakGlass, startsAt, endsAt, held, isLater } = preview;
  const until = held === undefined ? `until ${slackDate(endsAt)}` : `and lasts until ${slackDate(endsAt)} then`;
  const from = isLater ? ` from ${slackDate(startsAt)}` : '';
  switch (outcome) {
    case 'granted':
      return breakGlass
        ? `:rotating_light: *Granted at once, as break glass*, ${until}. Nobody approves it; every approver is told, and one of them reviews it afterwards.`
        : `:unlock: *Granted without approval*${from}, ${until}.`;
    case 'needs-approval':
      return `:raising_hand: *Needs ${count(preview.votesNeeded, 'approval')}* by ${approversOf(preview)}.${expiryOf(preview)} If approved now, it is given${from} ${until}.`;
    case 'refused':
      return refusedVerdict(preview);
  }
}

function refusedVerdict({ problems, nearest }: AccessPreview): string {
  // A line that is longer than a section is cut, perhaps inside its markup.
  const why = problems
    .map((problem) => sentenceFor(problem))
    .reduce((all, next) => (all.length + next.length < MOST_WORDS ? `${all} ${next}` : all), '');
  const instead = nearestWords(nearest ?? '', 300);
  return `:no_entry: *Not possible like this:*${why}${instead === '' ? '' : `\n*Possible instead:* ${instead}`}`;
}

function approversOf({ approvers, approverCount }: AccessPreview): string {
  const named = approvers.map((name) => oneLine(name, 60));
  const rest = approverCount - named.length;
  return listWords(rest > 0 ? [...named, `${rest} more`] : named, 'or') || 'somebody else';
}

function expiryOf({ expiresSeconds }: AccessPreview): string {
  return expiresSeconds === undefined ? '' : ` Without an answer it expires after ${durationWords(expiresSeconds)}.`;
}

function heldLine({ held, heldOutside }: AccessPreview): string {
  if (held !== undefined)
    return `You have this already, since ${slackDate(held.startedAt)} and until ${slackDate(held.endsAt)}.`;
  if (heldOutside === undefined) return '';
  const { throughGroup } = heldOutside;
  const how = throughGroup === undefined ? 'assigned to you' : `through the group *${oneLine(throughGroup, 60)}*`;
  return `:information_source: You have this already, ${how} outside of Glasshammer: it has no end, and stays when what you ask for here ends.`;
}

/**
 * How much time may still be asked for: by the policy's limit for one access, its limit for a day, and what the held
 * access has used.
 */
function limitLine({ outcome, longestSeconds, withoutApprovalSeconds, held }: AccessPreview): string {
  if (longestSeconds === undefined) return '';
  if (longestSeconds <= 0) return 'No time is left of what is allowed.';
  const most = `${held === undefined ? 'You can ask for' : 'What is left is'} ${durationWords(longestSeconds)}${held === undefined ? ' at most' : ''}`;
  const free = withoutApprovalSeconds ?? longestSeconds;
  if (outcome === 'needs-approval' && free > 0 && free < longestSeconds)
    return `${most}; up to ${durationWords(free)} needs no approval.`;
  return `${most}.`;
}

function demandLine({ outcome, reasonMinLength, ticketPatterns }: AccessPreview): string {
  if (outcome === 'refused') return '';
  const reason = reasonMinLength > 1 ? `a reason of at least ${reasonMinLength} letters and digits` : '';
  const ticket = ticketPatterns.map((pattern) => {
    const example = ticketExample(pattern);
    return example === undefined ? `a ticket that matches ${code(pattern)}` : `a ticket such as ${code(example)}`;
  });
  const wanted = [reason, ...ticket].filter((each) => each !== '');
  return wanted.length === 0 ? '' : `It takes ${listWords(wanted)}.`;
}
