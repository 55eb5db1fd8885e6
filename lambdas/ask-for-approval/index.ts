import * as z from 'zod/mini';
import { createPeopleFinder } from '../../core/access/approval/find-people.ts';
import { remindApprovers, requestApproval } from '../../core/access/approval/request-approval.ts';
import { recheckAccess } from '../../core/access/recovery/recheck-access.ts';
import { remindReviewers } from '../../core/access/review/review-reminders.ts';
import type { AccessRequest } from '../../core/model/request.ts';
import { withPageLink } from '../../slack/page-link.ts';
import { peopleOf } from '../../slack/people.ts';
import { approvalReminder, reviewReminder } from '../../slack/views/approving/reminder.ts';
import { readEnvironment } from '../shared/environment.ts';
import { log, logFailure } from '../shared/log.ts';
import { METRICS } from '../shared/monitoring/metric-catalog.ts';
import { count } from '../shared/monitoring/metrics.ts';
import { once } from '../shared/once.ts';
import { systemNow } from '../shared/services/clock.ts';
import { givableBy } from '../shared/services/configured-targets.ts';
import { decidingDirectory, directory } from '../shared/services/identity-center.ts';
import { peopleMailer } from '../shared/services/mail.ts';
import { NO_SLACK } from '../shared/services/no-slack.ts';
import { chatIfAny } from '../shared/services/slack.ts';
import { holdStore, policyStore, requestStore, reviewStore, usageStore } from '../shared/services/tables.ts';
import { workflow } from '../shared/services/workflow.ts';
import { pageOf, statusRenderer } from '../shared/status-renderer.ts';
import { taskInput } from '../shared/task-input.ts';

const services = once(() => {
  const environment = readEnvironment('ask-for-approval');
  const { settings } = environment;
  const shared = {
    policyStore: policyStore(environment),
    directory: directory(environment),
    chat: chatIfAny(environment, 5_000),
  };
  return {
    ...shared,
    decidingDirectory: decidingDirectory(environment),
    requests: requestStore(environment),
    holds: holdStore(environment),
    workflow: workflow(environment),
    usage: usageStore(environment),
    reviews: reviewStore(environment),
    mails: peopleMailer(environment),
    people: createPeopleFinder({ ...shared, chat: shared.chat ?? NO_SLACK }),
    now: systemNow,
    maxDurationSeconds: settings.access.maxDurationSeconds,
    givable: givableBy(settings),
    ...statusRenderer(settings, environment.consoleUrl),
    onChannelGone: () => {
      log('approval.channel-gone');
      count(METRICS.approvalChannelGone);
    },
    renderReviewReminder: (request: AccessRequest) =>
      withPageLink(reviewReminder(request, peopleOf(request)), pageOf(environment.consoleUrl, request.id)),
    renderReminder: (request: AccessRequest, approvers: readonly string[], escalated: boolean) =>
      withPageLink(
        approvalReminder({
          request,
          approvers,
          escalated,
          people: peopleOf(request),
        }),
        pageOf(environment.consoleUrl, request.id),
      ),
  };
});

/** Work that is not begun this long before the function's timeout is left to the next pass. Milliseconds. */
const STOP_BEFORE_MS = 20_000;

/**
 * Handles the workflow's steps "Ask for approval" and "Remind approvers", the hourly reminder of owed reviews, and
 * every five minutes the check whether live access is still justified. This function grants nothing: votes decide.
 */
export async function handler(event: unknown, context?: { getRemainingTimeInMillis?(): number }): Promise<void> {
  const input = z.parse(taskInput.approval, event);
  if ('remindReviewers' in input) return remindAllReviewers();
  if ('recheckAccess' in input) return recheckAllAccess(context);
  const { requestId } = input;
  try {
    if ('token' in input) await requestApproval(requestId, input.token, services());
    else await remindApprovers(requestId, services());
    log('approval.asked', { requestId, reminder: !('token' in input) });
  } catch (error) {
    logFailure('approval.ask-failed', error, { requestId });
    if (error instanceof Error && error.name === 'SlackFailedError') count(METRICS.slackFailed);
    throw error;
  }
}

/** Started every hour by a schedule. */
async function remindAllReviewers(): Promise<void> {
  const owed = await remindReviewers({
    ...services(),
    onFailure: (error, requestId) => logFailure('review.reminder-failed', error, { requestId }),
  });
  log('review.reminded', { owed });
}

/** Started every five minutes by a schedule. */
async function recheckAllAccess(context?: { getRemainingTimeInMillis?(): number }): Promise<void> {
  const remaining = () => context?.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY;
  const result = await recheckAccess({
    ...services(),
    // This directory marks memberships that Glasshammer gave for a time: they do not justify other access.
    directory: services().decidingDirectory,
    hasTimeLeft: () => remaining() > STOP_BEFORE_MS,
    onFailure: (error, what) => logFailure('access.recheck-failed', error, what),
  });
  if (result.failures > 0 || !result.complete) count(METRICS.recheckFailed, Math.max(1, result.failures));
  log('access.rechecked', { ...result });
}
