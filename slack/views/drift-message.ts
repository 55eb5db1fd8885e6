import type { KnownBlock } from '@slack/types';
import type { RemovedByOthers } from '../../core/drift/ports.ts';
import type { Actor, AssignmentNames, DriftFinding, DriftItem, DriftMode } from '../../core/drift/types.ts';
import { durationWords } from '../../core/model/duration.ts';
import { isGroupTarget } from '../../core/model/target.ts';
import { blocks, context, type MessageView, section } from '../blocks.ts';
import { LIMITS } from '../limits.ts';
import { requesterWords } from '../people.ts';
import { bold, code, count, cut, ID_LENGTH, slackDate } from '../words/wording.ts';
import { targetWords } from './asking/request-parts.ts';

/** How many findings a message shows; the others are counted, with the command that lists them. */
const MOST_SHOWN = 12;

/** Tells operators what was found outside of Glasshammer, who made it, and what happens to it. */
export function driftFoundMessage(findings: readonly DriftFinding[], { mode }: DriftMode): MessageView {
  const one = findings.length === 1 ? findings[0] : undefined;
  const headline =
    one === undefined
      ? `:warning: *${count(findings.length, 'assignment')} outside of Glasshammer:* nobody’s request accounts for them.`
      : `:warning: *Outside of Glasshammer:* ${assignmentWords(one)}.`;
  const lines = findings.slice(0, MOST_SHOWN).map((finding) => section(...findingLines(finding, one === undefined)));
  const learn =
    mode === 'report-only'
      ? 'Drift is report-only: nothing is removed. `glasshammer drift confirm` lets the configuration decide.'
      : '';
  return message(headline, lines, [restLine(findings.length), learn]);
}

/** Tells operators which assignments were removed after their grace period. */
export function driftRemovedMessage(items: readonly DriftItem[]): MessageView {
  const headline = `:lock: *Removed:* ${count(items.length, 'assignment')} made outside of Glasshammer, as announced.`;
  const lines = items
    .slice(0, MOST_SHOWN)
    .map((item) => section(`${assignmentWords(item)}, removed ${slackDate(item.due)}.`, madeWords(item.made)));
  return message(headline, lines, [restLine(items.length)]);
}

/** Tells operators that live access was removed by somebody else. */
export function interferenceMessage({ request, by, at }: RemovedByOthers): MessageView {
  const who = by === undefined ? 'Somebody else' : actorWords(by);
  const headline = `:warning: *Removed outside of Glasshammer:* ${requesterWords(request)} has lost ${targetWords(request)}.`;
  const seen = by === undefined ? `Found missing ${slackDate(at)}.` : `Removed by ${who} ${slackDate(at)}.`;
  return message(headline, [section(seen, 'Their request ends now.')], [`Request ${code(request.id)}`]);
}

function message(headline: string, lines: readonly KnownBlock[], notes: readonly string[]): MessageView {
  const shown = notes.filter((note) => note !== '');
  return {
    text: cut(headline, LIMITS.messageText),
    blocks: blocks(section(headline), ...lines, shown.length === 0 ? undefined : context(...shown)),
  };
}

function findingLines(finding: DriftFinding, named: boolean): string[] {
  return [named ? `• ${assignmentWords(finding)}` : '', madeWords(finding.made), planWords(finding)];
}

/**
 * What happens to the assignment. If a request holds the same access, the sentence adds that the request's end does not
 * remove it, and that the rule applies afterwards.
 */
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
    ? `${meanwhile}*It is removed then, but not before ${slackDate(plan.removeAt)}*, if it is still there.`
    : `*It is removed ${slackDate(plan.removeAt)}* if it is still there and still nobody’s.`;
}

function madeWords(made: DriftFinding['made']): string {
  return made === undefined
    ? 'Found by the full pass; who made it is in CloudTrail.'
    : `Made by ${actorWords(made.by)} ${slackDate(made.at)}.`;
}

function actorWords({ id, name }: Actor): string {
  const shown = bold(name);
  if (shown === '') return code(id) || 'somebody unknown';
  return id === name ? shown : `${shown} (${code(id)})`;
}

function assignmentWords({
  assignment: { principalId, target },
  names,
  ...rest
}: Pick<DriftItem, 'assignment' | 'names'> & { readonly principalType?: 'USER' | 'GROUP' }): string {
  const isGroup = rest.principalType === 'GROUP';
  const gone = isGroup ? 'a group that was deleted' : 'a user who was deleted';
  const name = bold(names.principalName ?? '') || 'somebody';
  const who = `${names.principalGone === true ? gone : `${isGroup ? 'the group ' : ''}${name}`} (${code(principalId, ID_LENGTH)})`;
  return `${who} has ${targetWords({ target, names: targetNames(names) })}`;
}

function targetNames({ accountName, permissionSetName, groupName }: AssignmentNames) {
  return {
    accountName,
    permissionSetName,
    groupName,
  };
}

function restLine(found: number): string {
  const rest = found - MOST_SHOWN;
  return rest > 0 ? `And ${rest} more: \`glasshammer drift status\` lists them all.` : '';
}
