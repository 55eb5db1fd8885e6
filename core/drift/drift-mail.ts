import { minute, whatWords, whoAsked } from '../access/notify/mail-hand.ts';
import type { PersonMail } from '../access/notify/mail-words.ts';
import { consolePage } from '../access/notify/request-page.ts';
import { durationWords } from '../model/duration.ts';
import { isGroupTarget } from '../model/target.ts';
import { oneLine } from '../model/text.ts';
import type { RemovedByOthers } from './ports.ts';
import type { Actor, DriftFinding, DriftItem, DriftMode } from './types.ts';

/** A mail lists at most this many assignments; for the rest it has a number and a page or command. */
const MOST_SHOWN = 12;

/** Where operators can look further. */
export interface DriftPlaces {
  /** Without a slash at the end; absent where there is no console. */
  readonly consoleUrl?: string | undefined;
}

/** To an operator, where there is no Slack: which assignments others have made, who did, and what becomes of them. */
export function driftFoundMail(
  findings: readonly DriftFinding[],
  { mode }: DriftMode,
  places: DriftPlaces,
): PersonMail {
  const [first] = findings;
  const title =
    findings.length === 1 && first !== undefined
      ? `Outside of Glasshammer: ${holdingWords(first)}`
      : `${findings.length} assignments outside of Glasshammer`;
  return notice(
    title,
    findings.map((finding) => `${holdingWords(finding)}. ${madeWords(finding.made)} ${planWords(finding)}`),
    places,
    mode === 'report-only'
      ? ['Drift is report-only: nothing is removed. “glasshammer drift confirm” lets the configuration decide.']
      : [],
  );
}

/** To an operator: drift that was removed after its grace. */
export function driftRemovedMail(items: readonly DriftItem[], places: DriftPlaces): PersonMail {
  const title = `Removed, as announced: ${items.length} ${items.length === 1 ? 'assignment' : 'assignments'} made outside of Glasshammer`;
  return notice(
    title,
    items.map((item) => `${holdingWords(item)}: removed ${minute(item.due)}. ${madeWords(item.made)}`),
    places,
  );
}

/** To an operator: somebody else removed access that was running. */
export function interferenceMail({ request, by, at }: RemovedByOthers, places: DriftPlaces): PersonMail {
  const seen = by === undefined ? `Found missing ${minute(at)}.` : `Removed by ${actorWords(by)} ${minute(at)}.`;
  const title = `Removed outside of Glasshammer: ${whoAsked(request)} has lost ${whatWords(request)}`;
  return notice(title, [`${seen} Their request ends now.`], places, [`Request ${request.id}.`]);
}

function notice(
  title: string,
  lines: readonly string[],
  { consoleUrl }: DriftPlaces,
  notes: readonly string[] = [],
): PersonMail {
  const rest = lines.length - MOST_SHOWN;
  return {
    subject: title,
    title,
    tone: 'warn',
    said: [...lines.slice(0, MOST_SHOWN), ...(rest > 0 ? [`And ${rest} more.`] : [])],
    facts: [],
    action: {
      words: 'Look at all of it',
      ...(consoleUrl === undefined
        ? { command: 'glasshammer drift status' }
        : { href: consolePage(consoleUrl, 'drift') }),
    },
    notes: [...notes, 'You get this as an operator.'],
  };
}

/** `Ben Bauer has ReadOnlyAccess in Production`. */
function holdingWords({
  assignment: { principalId, target },
  names,
  ...rest
}: Pick<DriftItem, 'assignment' | 'names'> & { readonly principalType?: 'USER' | 'GROUP' }): string {
  const isGroup = rest.principalType === 'GROUP';
  const id = oneLine(principalId, 80);
  const gone = isGroup ? 'a group that was deleted' : 'a user who was deleted';
  const name = `${isGroup ? 'the group ' : ''}${oneLine(names.principalName ?? 'somebody', 80)}`;
  return `${names.principalGone === true ? gone : name} (${id}) has ${whatWords({ target, names })}`;
}

function madeWords(made: DriftFinding['made']): string {
  return made === undefined
    ? 'Found by the full pass; who made it is in CloudTrail.'
    : `Made by ${actorWords(made.by)} ${minute(made.at)}.`;
}

function actorWords({ id, name }: Actor): string {
  const shown = oneLine(name, 120);
  if (shown === '') return oneLine(id, 200) || 'somebody unknown';
  return id === name ? shown : `${shown} (${oneLine(id, 200)})`;
}

/** What becomes of the assignment, as the Slack message says it; true also while a request holds the same one. */
function planWords({ plan, leased, principalType, assignment }: DriftFinding): string {
  const meanwhile =
    leased === true
      ? 'A request holds the same access now, and its end does not take this away: after that it is nobody’s. '
      : '';
  if (plan.action === 'warn') {
    const permanent = principalType === 'GROUP' || isGroupTarget(assignment.target);
    return `${meanwhile}${permanent ? 'Access by groups is never removed by Glasshammer.' : 'It stays until somebody removes it.'}`;
  }
  if (plan.removeAt === undefined) return `${meanwhile}It would be removed after ${durationWords(plan.graceSeconds)}.`;
  return leased === true
    ? `${meanwhile}It is removed then, but not before ${minute(plan.removeAt)}, if it is still there.`
    : `It is removed ${minute(plan.removeAt)} if it is still there and still nobody’s.`;
}
