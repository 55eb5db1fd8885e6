import { isJoinable } from '../../model/access.ts';
import type { ChatMessage } from '../../model/chat-message.ts';
import type { Decision } from '../../model/decision.ts';
import type { Directory } from '../../model/directory.ts';
import { RequestChangedError, RequestNotFoundError } from '../../model/errors.ts';
import { enter, happen } from '../../model/events.ts';
import { type Refusal, refusal } from '../../model/refusal.ts';
import { type AccessRequest, type AskedApproval, SYSTEM_ACTOR } from '../../model/request.ts';
import { isGroupTarget } from '../../model/target.ts';
import { mailedAbout, type PeopleMailer } from '../notify/mail-people.ts';
import { type ApproverChat, keepUntold, notifyApprovers, ringApprovers } from '../notify/notify-approvers.ts';
import { type StatusMessageServices, updateStatusMessages } from '../notify/status-messages.ts';
import { nextStep } from './approval-timing.ts';
import { decideVotes, type SettleServices, settleVotes } from './cast-vote.ts';

/** How often and when the requester had the target before. */
export interface UsageStore {
  read(request: AccessRequest): Promise<{ readonly times: number; readonly lastAt?: string }>;
  /** Counts this request once, however often it is called, and stores its target for the requester's form. */
  note(request: AccessRequest): Promise<void>;
  /** The targets a person had before, the latest first, for the form to offer. */
  recent(principalId: string): Promise<readonly RecentTarget[]>;
}

/** A target that a person had before. */
export interface RecentTarget extends Pick<AccessRequest, 'target' | 'names'> {
  readonly times: number;
  /** ISO 8601. */
  readonly lastAt: string;
}

/** Finds people in Slack. A person who is not found is not mentioned, but may still vote. */
export interface PeopleFinder {
  slackIdsOf(principalIds: readonly string[]): Promise<Readonly<Record<string, string>>>;
}

export interface ApprovalRequestServices extends SettleServices, Omit<StatusMessageServices, 'chat'> {
  readonly directory: SettleServices['directory'] & Pick<Directory, 'permissionSet'>;
  /** `undefined` where there is no Slack. */
  readonly chat: (NonNullable<StatusMessageServices['chat']> & ApproverChat) | undefined;
  readonly people: PeopleFinder;
  readonly usage: UsageStore;
  /** Sends mails to approvers who are not reached in Slack. */
  readonly mails: Pick<PeopleMailer, 'once'>;
  /** The channel in which approvers are asked. */
  readonly approvalChannel: string;
  /** Called when nothing can be posted into the approval channel. */
  onChannelGone?(): void;
  /** Renders the message that mentions the approvers again. */
  renderReminder(request: AccessRequest, approvers: readonly string[], escalated: boolean): ChatMessage;
}

/**
 * Shows a pending request to every approver whose vote can count: in the approval channel, and directly to those who
 * are not in it. Stores the task token with which a vote wakes the workflow. Running it again reaches approvers it
 * missed and edits the other messages.
 *
 * @throws RequestChangedError when the request is no longer pending; any error of Slack, after the token was stored
 */
export async function requestApproval(
  requestId: string,
  token: string,
  services: ApprovalRequestServices,
): Promise<void> {
  const stored = await services.requests.change(requestId, { from: ['pending'], tokens: { approval: token } });
  if (stored.request === undefined) throw new RequestNotFoundError(`no request ${requestId}`);
  if (!stored.changed) throw new RequestChangedError(`request ${requestId} is ${stored.request.state}, not pending`);
  const open = await stillOpen(stored.request, services);
  if (open === undefined) return;
  const asked = await remember(open.request, open.decision, services);
  const { approvers } = open.decision;
  const { unreached, failure } = await notifyApprovers(asked, approvers, services);
  // The requester is told which approvers the request waits for, even if some could not be reached.
  const [story] = await Promise.allSettled([updateStatusMessages(requestId, services, asked)]);
  // Mails come after all Slack messages, so that a slow mail server delays none of them.
  const { mailed, failure: unmailed } = await services.mails.once(asked, 'approval', unreached);
  const untold = unreached.filter((id) => !mailed.includes(id));
  if (await keepUntold(asked, untold, services.requests)) await updateStatusMessages(requestId, services);
  if (failure !== undefined) throw failure;
  if (story.status === 'rejected') throw story.reason;
  // A failed mail does not fail this task: a retry would edit Slack messages for nothing, and a vote before the retry
  // could not wake the workflow. An approver whose mail failed is written to with the next reminder. Only if no
  // approver at all was told is it retried at once.
  if (unmailed !== undefined && untold.length === approvers.length) throw unmailed;
}

/**
 * Does what is due for a pending request: a reminder that mentions the approvers again, or the escalation to further
 * approvers. The escalation mentions everybody, so it also counts as a reminder that is due at the same instant. An
 * expiry is written by the grant, the workflow's next step.
 */
export async function remindApprovers(requestId: string, services: ApprovalRequestServices): Promise<void> {
  const request = await services.requests.get(requestId);
  if (request === undefined) throw new RequestNotFoundError(`no request ${requestId}`);
  const step = nextStep(request);
  const at = services.now().toISOString();
  if (request.state !== 'pending' || step.what === 'expire' || step.at > at) return;
  const type = step.what === 'remind' ? 'reminded' : 'escalated';
  const approvers = type === 'escalated' ? request.approvalTiming?.escalate?.to : undefined;
  let noted = await services.requests.change(requestId, { from: ['pending'], event: happen(type, at, { approvers }) });
  if (!noted.changed) return;
  const next = nextStep(noted.request);
  if (type === 'escalated' && next.what === 'remind' && next.at <= at)
    noted = await services.requests.change(requestId, { from: ['pending'], event: happen('reminded', at) });
  if (!noted.changed) return;
  const open = await stillOpen(noted.request, services);
  if (open === undefined) return;
  const asked = await remember(open.request, open.decision, services);
  const { approvers: all } = open.decision;
  const message = services.renderReminder(asked, all, type === 'escalated');
  const { unreached, failure } = await ringApprovers(asked, all, message, services);
  const unmailed = await mailReminder(asked, unreached, services);
  if (failure !== undefined) throw failure;
  if (unmailed !== undefined) throw unmailed;
}

/**
 * Reminds each approver who was not just reached in Slack by mail. Approvers who were asked by mail get a reminder; the
 * others get the first mail, which asks them.
 *
 * @returns the first error of the mails, if one failed
 */
async function mailReminder(
  request: AccessRequest,
  unreached: readonly string[],
  { mails }: ApprovalRequestServices,
): Promise<unknown> {
  const before = mailedAbout(request, 'approval');
  const reminders = request.events.filter(({ type }) => type === 'reminded' || type === 'escalated').length;
  const again = unreached.filter((id) => before.includes(id));
  const reminded = await mails.once(request, 'reminder', again, String(reminders));
  const asked = await mails.once(
    request,
    'approval',
    unreached.filter((id) => !before.includes(id)),
  );
  return reminded.failure ?? asked.failure;
}

/**
 * Decides again by today's records: meanwhile, a pending request may have been granted, or may not be allowed any more.
 * An extension of an access that is over is refused, so that its approvers are not asked or reminded.
 */
async function stillOpen(
  request: AccessRequest,
  services: ApprovalRequestServices,
): Promise<{ readonly request: AccessRequest; readonly decision: Decision } | undefined> {
  const settled = await settleVotes(request, services, SYSTEM_ACTOR);
  if (settled.state !== 'pending') return undefined;
  if (!(await hasItsAccess(settled, services))) {
    await refuseWaiting(settled, refusal('access-over'), services);
    return undefined;
  }
  const votes = (await services.requests.getWithVotes(request.id))?.votes ?? [];
  const decision = await decideVotes(settled, votes, services);
  if ('outcome' in decision && decision.outcome === 'needs-approval') return { request: settled, decision };
  if (!('outcome' in decision) && decision.reason === 'policy-unreadable') {
    throw new Error('the policies cannot be read; the request waits');
  }
  await refuseWaiting(
    request,
    refusal('no-longer-allowed', 'outcome' in decision ? decision.reason : decision.detail),
    services,
  );
  return undefined;
}

/** Refuses a pending request that can no longer be granted, and wakes its workflow. */
async function refuseWaiting(request: AccessRequest, why: Refusal, services: ApprovalRequestServices): Promise<void> {
  const refused = await services.requests.change(request.id, {
    from: ['pending'],
    to: 'refused',
    event: enter('refused', services.now().toISOString(), {
      note: why.detail === undefined ? why.reason : `${why.reason}: ${why.detail}`,
    }),
    set: { refusal: why },
  });
  const token = refused.request?.tokens.approval;
  if (refused.changed && token !== undefined) await services.workflow.wake(token, { decided: true });
}

/** Can the access still be extended that the request extends? True for a request that is no extension. */
async function hasItsAccess({ extends: extended }: AccessRequest, services: ApprovalRequestServices): Promise<boolean> {
  if (extended === undefined) return true;
  const access = await services.requests.get(extended);
  return access !== undefined && isJoinable(access, services.now().toISOString());
}

async function remember(
  request: AccessRequest,
  decision: Decision,
  services: ApprovalRequestServices,
): Promise<AccessRequest> {
  const { target } = request;
  const [slackIds, permissionSet, usedBefore] = await Promise.all([
    services.people.slackIdsOf(decision.approvers),
    isGroupTarget(target) ? undefined : services.directory.permissionSet(target.permissionSetArn),
    services.usage.read(request),
  ]);
  const asked: AskedApproval = {
    waitingPaths: decision.waitingPaths,
    slackIds,
    allows: permissionSet?.description ?? '',
    usedBefore,
    ...(request.asked?.untold === undefined ? {} : { untold: request.asked.untold }),
  };
  const result = await services.requests.change(request.id, { from: ['pending'], set: { asked } });
  return result.request ?? request;
}
