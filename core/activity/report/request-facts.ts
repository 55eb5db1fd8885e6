import { durationWords } from '../../model/duration.ts';
import { type AccessRequest, SYSTEM_ACTOR, type Vote } from '../../model/request.ts';
import { isGroupTarget } from '../../model/target.ts';
import { oneLine } from '../../model/text.ts';
import type { ReportPlan } from '../read/plan.ts';
import { counted, instant, range } from './render/wording.ts';

/** One line of "who, what, why, when". Plain text, not yet escaped. */
export interface Fact {
  readonly label: string;
  readonly value: string;
  /** Ids and further details. */
  readonly detail?: string;
}

/** The requester by the best name known. */
export function personName({ requester }: AccessRequest): string {
  return oneLine(requester.displayName || requester.userName || requester.principalId || requester.slackId, 60);
}

/** What was asked for, by name: `Production as AdministratorAccess`, `the group On-call`. */
export function targetName(request: AccessRequest, plan: Pick<ReportPlan, 'permissionSetName'>): string {
  const { target, names } = request;
  if (isGroupTarget(target)) return `the group ${oneLine(names.groupName || target.groupId, 60)}`;
  const permissionSet = plan.permissionSetName || target.permissionSetArn;
  return `${oneLine(names.accountName || target.accountId, 60)} as ${oneLine(permissionSet, 60)}`;
}

/** Who, what, why, when, allowed by what and approved by whom. */
export function requestFacts(request: AccessRequest, plan: ReportPlan): readonly Fact[] {
  // Cleaned once more as a whole, because ids are text from outside as well.
  return allFacts(request, plan).map(({ label, value, detail = '' }) => ({
    label,
    value: oneLine(value, 1500),
    ...(detail === '' ? {} : { detail: oneLine(detail, 1500) }),
  }));
}

function allFacts(request: AccessRequest, plan: ReportPlan): readonly Fact[] {
  const { requester } = request;
  return [
    {
      label: 'Who',
      value: personName(request),
      detail: present([
        requester.email || undefined,
        requester.userName !== requester.email && `user name ${requester.userName}`,
        `Identity Center user ${requester.principalId}`,
        requester.slackId !== '' && `Slack user ${requester.slackId}`,
      ]),
    },
    ...targetFacts(request, plan),
    { label: 'Why', value: oneLine(request.reason, 1000) || 'No reason was given.' },
    ...(request.ticket === '' ? [] : [{ label: 'Ticket', value: oneLine(request.ticket, 100) }]),
    whenFact(request),
    { label: 'Allowed by', value: oneLine(request.path ?? 'not recorded', 300), ...breakGlass(request) },
    approvalFact(request),
    {
      label: 'Request',
      value: request.id,
      detail: `asked ${instant(request.requestedAt)}, by ${ORIGINS[request.origin.kind]}`,
    },
  ];
}

const ORIGINS: Readonly<Record<AccessRequest['origin']['kind'], string>> = {
  alert: 'the button of an alert',
  command: 'the command',
  shortcut: 'the shortcut',
  home: 'the App Home',
  cli: 'the command line',
  console: 'the web console',
  canary: 'the canary',
};

function targetFacts({ target, names }: AccessRequest, plan: ReportPlan): readonly Fact[] {
  if (isGroupTarget(target)) {
    return [{ label: 'Group', value: oneLine(names.groupName || target.groupId, 100), detail: target.groupId }];
  }
  return [
    { label: 'Account', value: oneLine(names.accountName || target.accountId, 100), detail: target.accountId },
    {
      label: 'Permission set',
      value: oneLine(plan.permissionSetName || 'name not known', 100),
      detail: target.permissionSetArn,
    },
  ];
}

function whenFact(request: AccessRequest): Fact {
  const endedAt = request.endedAt ?? request.endsAt;
  return {
    label: 'When',
    value: range(request.startsAt, endedAt),
    detail: present([
      `given for ${durationWords(request.durationSeconds)}, until ${instant(request.endsAt)}`,
      earlyEnd(request),
      request.grant?.standing === true && 'the person had this access before, and keeps it',
    ]),
  };
}

/** By whom and why access ended before its time; `false` where it did not. */
function earlyEnd({ events, endsAt }: AccessRequest): string | false {
  const end = events.findLast(({ state }) => state === 'ending');
  // The workflow may begin the end up to a second before its time.
  if (end === undefined || Date.parse(end.at) + 1000 >= Date.parse(endsAt)) return false;
  const how = end.type === 'removed-by-others' ? 'removed outside of Glasshammer' : 'ended early';
  const by = end.by === SYSTEM_ACTOR ? '' : ` by ${oneLine(end.byName ?? end.by, 100)}`;
  const why = end.note === undefined ? '' : ` (${oneLine(end.note, 300)})`;
  return `${how}${by} at ${instant(end.at)}${why}`;
}

function breakGlass(request: AccessRequest): { readonly detail?: string } {
  return request.breakGlass
    ? { detail: 'Break glass: granted at once, without waiting for approval. A review is owed.' }
    : {};
}

function approvalFact(request: AccessRequest): Fact {
  const approvals = request.votes.filter((vote) => vote.vote === 'approve');
  const denials = request.votes.length - approvals.length;
  if (approvals.length === 0)
    return { label: 'Approved by', value: request.breakGlass ? 'Nobody: break glass.' : 'Nobody: none was needed.' };
  return {
    label: 'Approved by',
    value: approvals.map(approver).join('; '),
    ...(denials > 0 ? { detail: counted(denials, 'vote against', 'votes against') } : {}),
  };
}

function approver(vote: Vote): string {
  const shortened = vote.durationSeconds === undefined ? '' : `, shortened to ${durationWords(vote.durationSeconds)}`;
  const note = vote.note === undefined || vote.note === '' ? '' : `: “${oneLine(vote.note, 300)}”`;
  // An approver who voted by the API or the console may have no Slack user.
  const slackUser = vote.slackId === '' ? '' : ` (Slack user ${vote.slackId})`;
  return `${vote.principalId}${slackUser}, ${instant(vote.at)}${shortened}${note}`;
}

/** One event of the request's history. */
export interface HistoryLine {
  readonly at: string;
  readonly what: string;
  readonly by: string;
  readonly note: string;
}

const MOST_HISTORY = 40;

/** The request's own history, the latest events when there are very many. */
export function requestHistory(request: AccessRequest): readonly HistoryLine[] {
  return request.events.slice(-MOST_HISTORY).map((event) => ({
    at: instant(event.at),
    what: event.type,
    by: oneLine(event.by, 80),
    note: oneLine(event.note ?? '', 300),
  }));
}

function present(parts: readonly (string | false | undefined)[]): string {
  return parts
    .filter((part) => typeof part === 'string')
    .map((part) => oneLine(part, 200))
    .join(', ');
}
