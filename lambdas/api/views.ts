import { votesNeeded } from '../../core/access/approval/cast-vote.ts';
import type { AccessPreview } from '../../core/access/request/preview-access.ts';
import type { DriftItem, DriftMode, DriftPass } from '../../core/drift/types.ts';
import { toIsoDuration } from '../../core/model/duration.ts';
import type { Refusal } from '../../core/model/refusal.ts';
import type { AccessRequest, Review, TargetNames, Vote } from '../../core/model/request.ts';
import { isGroupTarget, type Target } from '../../core/model/target.ts';
import { plainSentence } from '../shared/plain-sentence.ts';
import type { PreviewView, RefusalView, RequestDetail, RequestView } from './document/schemas.ts';

/** A refusal for people and programs. */
export function refusalView(refusal: Refusal): RefusalView {
  const { reason, detail } = refusal;
  return { reason, sentence: plainSentence(refusal), detail };
}

/** A request as lists show it, without task tokens, messages and Slack user ids. */
export function requestView(request: AccessRequest): RequestView {
  const { id, state, requester, reason, ticket, requestedAt, breakGlass } = request;
  return {
    id,
    state,
    requester: {
      userId: requester.principalId,
      userName: requester.userName,
      displayName: requester.displayName,
    },
    target: targetView(request.target, request.names),
    reason,
    ticket,
    duration: toIsoDuration(request.durationSeconds),
    requestedAt,
    startsAt: orNull(request.startsAt),
    endsAt: orNull(request.endsAt),
    expiresAt: orNull(request.expiresAt),
    breakGlass,
    accessId: orNull(request.accessId),
    extends: orNull(request.extends),
    ask: orNull(request.ask),
    votesNeeded: votesNeeded(request),
    refusal: request.refusal === undefined ? null : refusalView(request.refusal),
  };
}

/**
 * A request with its history.
 *
 * @param votes as they were cast; by default the request's own copies, which are for display only
 */
export function requestDetail(request: AccessRequest, votes: readonly Vote[] = request.votes): RequestDetail {
  const waiting = request.asked?.waitingPaths ?? [];
  const approvers = waiting.flatMap(({ approvals }) => approvals.flatMap((approval) => approval.approvers));
  const { review, joins = [] } = request;
  return {
    ...requestView(request),
    approvers: [...new Set(approvers)],
    untold: [...(request.asked?.untold ?? [])],
    votes: votes.map(({ principalId, vote, at, durationSeconds, note }) => ({
      userId: principalId,
      vote,
      at,
      duration: durationSeconds === undefined ? null : toIsoDuration(durationSeconds),
      note: orNull(note),
    })),
    review: review === undefined ? null : reviewView(review),
    history: request.events.map(({ type, at, by, byName, state, note }) => ({
      type,
      at,
      by,
      byName: orNull(byName),
      state: orNull(state),
      note: orNull(note),
    })),
    joins: joins.map(({ requestId }) => requestId),
  };
}

function reviewView({ status, note, by, at, answer, answeredAt }: Review) {
  return {
    status,
    note: orNull(note),
    by: orNull(by),
    at: orNull(at),
    answer: orNull(answer),
    answeredAt: orNull(answeredAt),
  };
}

/** Access that was given outside of Glasshammer, and the state of drift detection. */
export function driftView({ mode, by, at }: DriftMode, pass: DriftPass | undefined, items: readonly DriftItem[]) {
  return {
    mode,
    modeBy: orNull(by),
    modeAt: orNull(at),
    pass: pass === undefined ? null : passView(pass),
    findings: items.map(({ assignment: { principalId, target }, names, status, due, foundAt, made, action }) => ({
      principalId,
      principalName: orNull(names.principalName),
      accountId: isGroupTarget(target) ? null : target.accountId,
      accountName: orNull(names.accountName),
      permissionSetArn: isGroupTarget(target) ? null : target.permissionSetArn,
      permissionSet: orNull(names.permissionSetName),
      groupId: isGroupTarget(target) ? target.groupId : null,
      groupName: orNull(names.groupName),
      status,
      foundAt,
      removeAt: status === 'to-remove' ? due : null,
      madeBy: orNull(made?.by.name),
      madeAt: orNull(made?.at),
      action,
    })),
  };
}

function passView({ startedAt, finishedAt, checked, found, failures }: DriftPass) {
  return { startedAt, finishedAt: orNull(finishedAt), checked, found, failures };
}

/** The preview of an ask. */
export function previewView(preview: AccessPreview): PreviewView {
  const { outcome, startsAt, endsAt, breakGlass, approverCount, reasonMinLength } = preview;
  return {
    outcome,
    target: targetView(preview.target, preview.names),
    duration: toIsoDuration(preview.durationSeconds),
    startsAt,
    endsAt,
    breakGlass,
    problems: preview.problems.map(refusalView),
    nearest: orNull(preview.nearest),
    longest: lengthOrNull(preview.longestSeconds),
    longestWithoutApproval: lengthOrNull(preview.withoutApprovalSeconds),
    reasonMinLength,
    ticketPatterns: [...preview.ticketPatterns],
    approvers: [...preview.approvers],
    approverCount,
    votesNeeded: preview.votesNeeded,
    expiresAfter: lengthOrNull(preview.expiresSeconds),
    heldOutside: preview.heldOutside === undefined ? null : { throughGroup: orNull(preview.heldOutside.throughGroup) },
  };
}

/** A target as the API shows it, with its names for people. */
export function targetView(target: Target, names: TargetNames): RequestView['target'] {
  if (isGroupTarget(target)) return { groupId: target.groupId, groupName: names.groupName };
  return {
    accountId: target.accountId,
    accountName: names.accountName,
    permissionSet: names.permissionSetName,
    permissionSetArn: target.permissionSetArn,
  };
}

function orNull<T>(value: T | '' | undefined): T | null {
  return value === undefined || value === '' ? null : value;
}

function lengthOrNull(seconds: number | undefined): string | null {
  return seconds === undefined ? null : toIsoDuration(Math.floor(seconds));
}
