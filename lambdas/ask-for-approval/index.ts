import * as z from 'zod/mini';
import { askApprovers, remindApprovers } from '../../core/access/ask-approvers.ts';
import { createPeopleFinder } from '../../core/access/find-people.ts';
import type { AccessRequest } from '../../core/access/request.ts';
import { approvalReminder } from '../../slack/views/reminder.ts';
import { METRICS } from '../alarms.ts';
import { accessBook, requestStore, usageStore } from '../services/tables.ts';
import { directory } from '../services/identity-center.ts';
import { workflow } from '../services/workflow.ts';
import { chat } from '../services/slack.ts';
import { systemNow } from '../services/clock.ts';
import { readEnvironment } from '../environment.ts';
import { log, logFailure } from '../log.ts';
import { count } from '../metrics.ts';
import { once } from '../once.ts';
import { storyRenderer } from '../story.ts';
import { taskInput } from '../task-input.ts';

const services = once(() => {
  const environment = readEnvironment('ask-for-approval');
  const { settings } = environment;
  const shared = { book: accessBook(environment), directory: directory(environment), chat: chat(environment, 5_000) };
  return {
    ...shared,
    requests: requestStore(environment),
    workflow: workflow(environment),
    usage: usageStore(environment),
    people: createPeopleFinder(shared),
    now: systemNow,
    teamIds: settings.slack.teamIds,
    emailDomains: settings.identity.emailDomains,
    maxDurationSeconds: settings.access.maxDurationSeconds,
    approvalChannel: settings.slack.approvalChannel,
    ...storyRenderer(settings),
    renderReminder: (request: AccessRequest, approvers: readonly string[], escalated: boolean) =>
      approvalReminder({ request, approvers, escalated, people: new Map(Object.entries(request.asked?.slackIds ?? {})) }),
  };
});

/** The workflow's "Ask for approval" and "Remind approvers". A vote, not this function, decides. */
export async function handler(event: unknown): Promise<void> {
  const input = z.parse(taskInput.approval, event);
  const { requestId } = input;
  try {
    if ('token' in input) await askApprovers(requestId, input.token, services());
    else await remindApprovers(requestId, services());
    log('approval.asked', { requestId, reminder: !('token' in input) });
  } catch (error) {
    logFailure('approval.ask-failed', error, { requestId });
    if (error instanceof Error && error.name === 'SlackFailedError') count(METRICS.slackFailed);
    throw error;
  }
}
