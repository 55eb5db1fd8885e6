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

/** How often this person had this target before. */
export interface UsageStore {
  read(request: AccessRequest): Promise<{ readonly times: number; readonly lastAt?: string }>;
  /** Counts this request once, however often it is called, and remembers its target for the person's form. */
  note(request: AccessRequest): Promise<void>;
  /** What a person had before, the latest first, of all targets. For the form to offer. */
  recent(principalId: string): Promise<readonly RecentTarget[]>;
}

/** A target that a person had before. */
export interface RecentTarget extends Pick<AccessRequest, 'target' | 'names'> {
  readonly times: number;
  /** ISO 8601. */
  readonly lastAt: string;
}

/** Finds people in Slack. Who is not found is not mentioned, and may still decide. */
export interface PeopleFinder {
  slackIdsOf(principalIds: readonly string[]): Promise<Readonly<Record<string, string>>>;
}

export interface ApprovalRequestServices extends SettleServices, Omit<StatusMessageServices, 'chat'> {
  readonly directory: SettleServices['directory'] & Pick<Directory, 'permissionSet'>;
  /** `undefined` where there is no Slack. */
  readonly chat: (NonNullable<StatusMessageServices['chat']> & ApproverChat) | undefined;
  readonly people: PeopleFinder;
  readonly usage: UsageStore;
  /** Writes to approvers whom Slack does not reach. */
  readonly mails: Pick<PeopleMailer, 'once'>;
  /** Where approvers are asked. */
  readonly approvalChannel: string;
  /** Told when nothing can be written into it. */
  onChannelGone?(): void;
  /** Mentions approvers again. */
  renderReminder(request: AccessRequest, approvers: readonly string[], escalated: boolean): ChatMessage;
}

/**
 * Shows a pending request to everyone whose vote can count: in the approval channel, and directly to those who are not in it.
 * Keeps the token by which a vote wakes the workflow. Running it again adds whom it missed and edits the rest.
 *
 * @throws RequestChangedError when the request is no longer pending; whatever Slack throws, after the token was stored
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
  // The person who asked is told whom the request waits for, whether or not every approver could be reached.
  const [story] = await Promise.allSettled([updateStatusMessages(requestId, services, asked)]);
  // All of Slack before the first mail: whoever is waited for there waits for no mail server.
  const { mailed, failure: unmailed } = await services.mails.once(asked, 'approval', unreached);
  const untold = unreached.filter((id) => !mailed.includes(id));
  if (await keepUntold(asked, untold, services.requests)) await updateStatusMessages(requestId, services);
  if (failure !== undefined) throw failure;
  if (story.status === 'rejected') throw story.reason;
  // Asked again for the sake of a mail, Slack would be edited for nothing, and a vote meanwhile would wake nobody. Whom a mail did not
  // reach is asked with the next reminder; only where nobody at all was told is it tried again at once.
  if (unmailed !== undefined && untold.length === approvers.length) throw unmailed;
}

/**
 * Does what is due for a pending request: a reminder that mentions the approvers again, or the escalation to further approvers,
 * which mentions everybody and so is a reminder too, if one is due in the same instant. The expiry itself is written by the grant,
 * which is what comes next.
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
 * Each is reminded in one way: in Slack, where that has just reached them, else by mail. Those who were written to before are reminded
 * so; the others are asked.
 *
 * @returns what a mail failed for
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
 * Decides again with today's records: a pending request may have become granted, or impossible, meanwhile. Of what is to extend an
 * access that is over nobody is asked or reminded any more.
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

/** What cannot be given any more waits for nobody. */
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

/** Is there an access that an extension could extend? Anything else needs none. */
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
