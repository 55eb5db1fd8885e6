import { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { updateStatusMessages } from '../../core/access/notify/status-messages.ts';
import type { DriftNotifier, DriftServices } from '../../core/drift/ports.ts';
import { heardId } from '../../core/model/stored-ids.ts';
import { createAuditLog } from '../../gateways/dynamodb/audit-log.ts';
import { beat } from '../../gateways/dynamodb/heartbeat.ts';
import { createProvisioned } from '../../gateways/identity-center/provisioned.ts';
import type { Chat } from '../../gateways/slack/chat.ts';
import { driftFoundMessage, driftRemovedMessage, interferenceMessage } from '../../slack/views/drift-message.ts';
import { readEnvironment } from '../shared/environment.ts';
import { METRICS } from '../shared/metric-catalog.ts';
import { count } from '../shared/metrics.ts';
import { once } from '../shared/once.ts';
import { AWS_CALLS } from '../shared/services/aws-calls.ts';
import { systemNow } from '../shared/services/clock.ts';
import { driftScope, driftStore, leaseWatch, madeBook } from '../shared/services/drift.ts';
import { assignments, directory } from '../shared/services/identity-center.ts';
import { createRateLimiter } from '../shared/services/rate-limiter.ts';
import { chatIfAny } from '../shared/services/slack.ts';
import { documentClient, requestStore } from '../shared/services/tables.ts';
import { workflow } from '../shared/services/workflow.ts';
import { statusRenderer } from '../shared/status-renderer.ts';
import type { Watched } from './trail-event.ts';

/** Everything this function works with, and what of its environment it reads events by. */
export const services = once(() => {
  const environment = readEnvironment('watch-assignments');
  const { settings, requestTable } = environment;
  const slack = chatIfAny(environment, 5_000);
  const requests = requestStore(environment);
  const story = { requests, chat: slack, now: systemNow, ...statusRenderer(settings, environment.consoleUrl) };
  const sso = new SSOAdminClient(AWS_CALLS);
  const shared: DriftServices = {
    drift: driftStore(environment),
    leases: leaseWatch(environment),
    made: madeBook(environment),
    requests,
    assignments: assignments(environment),
    workflow: workflow(environment),
    directory: directory(environment),
    teller: tellerTo(slack, settings.slack?.operatorChannel ?? '', async (requestId) => {
      await updateStatusMessages(requestId, story);
    }),
    audit: createAuditLog({ client: documentClient(), tableName: requestTable }),
    scope: driftScope(settings),
    rules: settings.drift.rules,
    now: systemNow,
  };
  const watched: Watched = {
    instanceArn: environment.instance,
    identityStoreId: environment.identityStore,
    ownRoles: environment.ownRoles.split(','),
  };
  return {
    shared,
    watched,
    heardFrom: (accountId: string) =>
      beat(documentClient(), requestTable, heardId(accountId), systemNow().toISOString()),
    everySeconds: settings.drift.everySeconds,
    /** The readings of one step, at its pace. */
    readings: () => {
      const rateLimiter = createRateLimiter(settings.drift.callsPerSecond);
      const provisioned = createProvisioned({ sso, instanceArn: environment.instance, beforeCall: rateLimiter.next });
      return { provisioned, callsMade: rateLimiter.made };
    },
  };
});

/**
 * Counted before it is told: an alarm does not wait for Slack. Where there is none, the alarm is what operators are told by, and
 * `glasshammer drift status` has the rest.
 */
function tellerTo(
  slack: Chat | undefined,
  channel: string,
  story: (requestId: string) => Promise<void>,
): DriftNotifier {
  const post = async (...parts: Parameters<Chat['post']>): Promise<void> => {
    try {
      await slack?.post(...parts);
    } catch (error) {
      count(METRICS.slackFailed);
      throw error;
    }
  };
  return {
    async found(findings, mode) {
      count(METRICS.driftFound, findings.length);
      await post(channel, driftFoundMessage(findings, mode));
    },
    removed: (items) => post(channel, driftRemovedMessage(items)),
    async interfered(interference) {
      count(METRICS.driftFound);
      await post(channel, interferenceMessage(interference));
    },
    story,
  };
}
