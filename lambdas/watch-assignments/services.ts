import { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { updateStatusMessages } from '../../core/access/notify/status-messages.ts';
import type { DriftServices } from '../../core/drift/ports.ts';
import { heardId, proposalToldId } from '../../core/model/stored-ids.ts';
import type { TellProposalsServices } from '../../core/policy/changing/tell-proposals.ts';
import { createAuditLog } from '../../gateways/dynamodb/audit-log.ts';
import { beat, lastBeat } from '../../gateways/dynamodb/heartbeat.ts';
import { createProposalReader } from '../../gateways/dynamodb/policies/proposal-store.ts';
import { createProvisioned } from '../../gateways/identity-center/provisioned.ts';
import { readEnvironment } from '../shared/environment.ts';
import { logFailure } from '../shared/log.ts';
import { once } from '../shared/once.ts';
import { AWS_CALLS } from '../shared/services/aws-calls.ts';
import { systemNow } from '../shared/services/clock.ts';
import { driftScope } from '../shared/services/configured-targets.ts';
import { driftStore, leaseWatch, madeStore } from '../shared/services/drift.ts';
import { assignments, directory } from '../shared/services/identity-center.ts';
import { operatorMailer } from '../shared/services/mail.ts';
import { createRateLimiter } from '../shared/services/rate-limiter.ts';
import { chatIfAny } from '../shared/services/slack.ts';
import { documentClient, requestStore } from '../shared/services/tables.ts';
import { workflow } from '../shared/services/workflow.ts';
import { sha256 } from '../shared/sha256.ts';
import { statusRenderer } from '../shared/status-renderer.ts';
import { driftTeller, type OperatorWays, operatorTeller, proposalTeller } from './tell-operators.ts';
import type { Watched } from './trail-event.ts';

/** Everything this function works with, and the names by which it reads events. */
export const services = once(() => {
  const environment = readEnvironment('watch-assignments');
  const { settings, requestTable, consoleUrl } = environment;
  const slack = chatIfAny(environment, 5_000);
  const requests = requestStore(environment);
  const statusMessages = { requests, chat: slack, now: systemNow, ...statusRenderer(settings, consoleUrl) };
  const ways: OperatorWays = {
    slack: slack === undefined ? undefined : { chat: slack, channel: settings.slack?.operatorChannel ?? '' },
    mails: operatorMailer(environment),
    consoleUrl,
  };
  const tell = operatorTeller(ways);
  const client = documentClient();
  const sso = new SSOAdminClient(AWS_CALLS);
  const shared: DriftServices = {
    drift: driftStore(environment),
    leases: leaseWatch(environment),
    made: madeStore(environment),
    requests,
    assignments: assignments(environment),
    workflow: workflow(environment),
    directory: directory(environment),
    teller: driftTeller(tell, ways, async (requestId) => {
      await updateStatusMessages(requestId, statusMessages);
    }),
    audit: createAuditLog({ client, tableName: requestTable }),
    scope: driftScope(settings),
    rules: settings.drift.rules,
    now: systemNow,
    sha256,
  };
  const watched: Watched = {
    instanceArn: environment.instance,
    identityStoreId: environment.identityStore,
    ownRoles: environment.ownRoles.split(','),
  };
  /** Proposals that wait for another operator; `undefined` if proposals are not configured. */
  const proposed: TellProposalsServices | undefined =
    settings.policyChanges === undefined
      ? undefined
      : {
          proposals: createProposalReader({ client, requestTable }),
          told: {
            has: async (id) => (await lastBeat(client, requestTable, proposalToldId(id))) !== undefined,
            note: (id, at) => beat(client, requestTable, proposalToldId(id), at),
          },
          tell: proposalTeller(tell, ways),
          onFailure: (error, change) => logFailure('policies.proposal-untold', error, { change }),
          now: systemNow,
        };
  return {
    shared,
    proposed,
    watched,
    /** Notes that an event of this account has arrived now. */
    heardFrom: (accountId: string) => beat(client, requestTable, heardId(accountId), systemNow().toISOString()),
    /** Seconds between the starts of two full passes over all assignments. */
    everySeconds: settings.drift.everySeconds,
    /** Reads assignments for one step, at the configured pace. */
    readings: () => {
      const rateLimiter = createRateLimiter(settings.drift.callsPerSecond);
      const provisioned = createProvisioned({ sso, instanceArn: environment.instance, beforeCall: rateLimiter.next });
      return { provisioned, callsMade: rateLimiter.made };
    },
  };
});
