import { randomUUID } from 'node:crypto';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { createPeopleFinder } from '../../core/access/approval/find-people.ts';
import type { Door } from '../../core/access/request/identity/prove-caller.ts';
import type { BrowserDoor } from '../../core/access/request/identity/prove-token.ts';
import { ConfigurationError } from '../../core/model/errors.ts';
import { alarmStates } from '../../gateways/alarms.ts';
import { createRefusalLog } from '../../gateways/dynamodb/audit-log.ts';
import { createDriftStore } from '../../gateways/dynamodb/drift-store.ts';
import { createFreezeStore } from '../../gateways/dynamodb/freeze-store.ts';
import { lastBeat } from '../../gateways/dynamodb/heartbeat.ts';
import { createLockStore } from '../../gateways/dynamodb/lock-store.ts';
import { createReportLooks } from '../../gateways/dynamodb/reports/report-looks.ts';
import { createReportStore } from '../../gateways/dynamodb/reports/report-store.ts';
import { createSoFarAnswers } from '../../gateways/dynamodb/reports/so-far-answers.ts';
import { createRequestList } from '../../gateways/dynamodb/requests/request-list.ts';
import { schemaItem } from '../../gateways/dynamodb/schema-item.ts';
import { keepAnswers } from '../../gateways/identity-center/kept-directory.ts';
import { createExecutionPlaces } from '../../gateways/step-functions/execution-address.ts';
import { readEnvironment } from '../shared/environment.ts';
import { once } from '../shared/once.ts';
import { ALARM_CALLS } from '../shared/services/aws-calls.ts';
import { systemNow } from '../shared/services/clock.ts';
import { givableBy } from '../shared/services/configured-targets.ts';
import { accountNames, assignees, decidingDirectory } from '../shared/services/identity-center.ts';
import { NO_SLACK } from '../shared/services/no-slack.ts';
import {
  documentClient,
  holdStore,
  policyStore,
  recordList,
  requestStore,
  reviewStore,
} from '../shared/services/tables.ts';
import { soFarQuestions, workflow } from '../shared/services/workflow.ts';

/** Created at the first look at alarms, which few calls need. */
const cloudWatch = once(() => new CloudWatchClient(ALARM_CALLS));

/** Everything the API works with, built at the first call. */
export const services = once(() => {
  const environment = readEnvironment('api');
  const { settings } = environment;
  const door: Door | undefined = settings.api;
  const browserDoor = browserDoorOf(environment);
  if (door === undefined && browserDoor === undefined)
    throw new ConfigurationError('api: the settings do not say whom to let in');
  const shared = { policyStore: policyStore(environment), directory: decidingDirectory(environment) };
  // Finds the Slack users of people by their principal records in the access table; only to mention them in messages.
  const people = createPeopleFinder({ ...shared, chat: NO_SLACK });
  return {
    ...shared,
    door,
    browserDoor,
    people,
    chat: NO_SLACK,
    teamIds: [],
    emailDomains: [],
    slackIdOf: keptFor(
      SLACK_IDS_MS,
      async (principalId: string) => (await people.slackIdsOf([principalId]))[principalId],
    ),
    keptDirectory: keepAnswers(shared.directory, systemNow),
    requests: requestStore(environment),
    reviews: reviewStore(environment),
    refusals: createRefusalLog({ client: documentClient(), tableName: environment.requestTable }),
    holds: holdStore(environment),
    recordList: recordList(environment),
    workflow: workflow(environment),
    executionOf: createExecutionPlaces(environment.stateMachine),
    soFarQuestions: soFarQuestions(environment),
    accounts: accountNames(settings),
    assignees: assignees(environment),
    permissionSets: settings.permissionSets,
    groups: settings.groups,
    defaultDurationSeconds: settings.access.defaultDurationSeconds,
    personas: settings.personas ?? { auditors: [], operators: [] },
    ...operatorsStores(environment),
    alarms: (namePrefix: string) => alarmStates(cloudWatch(), namePrefix),
    deployment: {
      prefix: settings.sessionGuard.prefix,
      accountId: environment.stateMachine.split(':')[4] ?? '',
      managementAccountId: settings.report.identityCenter.accountId,
      stack: environment.stack,
      version: environment.version,
    },
    portalUrl: settings.portalUrl,
    policyChanges: settings.policyChanges !== undefined,
    maxDurationSeconds: settings.access.maxDurationSeconds,
    givable: givableBy(settings),
    now: systemNow,
  };
});

/** Which tokens of the web console are taken; `undefined` if there is no console. */
export function browserDoorOf(environment: {
  readonly consoleIssuer?: string;
  readonly consoleClient?: string;
}): BrowserDoor | undefined {
  const { consoleIssuer: issuer, consoleClient: clientId } = environment;
  return issuer === undefined || clientId === undefined ? undefined : { issuer, clientId };
}

/**
 * How long the Slack user of a person is cached: it is only used to mention people, and each look-up reads the access
 * table. Milliseconds.
 */
const SLACK_IDS_MS = 10 * 60_000;

/** Caches each answer for some time; a failure is not cached. */
function keptFor<T>(ms: number, ask: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const kept = new Map<string, { readonly until: number; readonly answer: Promise<T> }>();
  return (key) => {
    const now = systemNow().getTime();
    const known = kept.get(key);
    if (known !== undefined && known.until > now) return known.answer;
    const answer = ask(key);
    kept.set(key, { until: now + ms, answer });
    answer.catch(() => {
      if (kept.get(key)?.answer === answer) kept.delete(key);
    });
    return answer;
  };
}

/** Stores that show other people's requests and what was done with an access, and stores that operators change. */
function operatorsStores({ requestTable }: { readonly requestTable: string }) {
  const table = { client: documentClient(), tableName: requestTable, newId: randomUUID };
  return {
    list: createRequestList(table),
    reports: createReportStore(table),
    soFarAnswers: createSoFarAnswers(table),
    looks: createReportLooks(table),
    drift: createDriftStore(table),
    freezes: createFreezeStore(table),
    locks: createLockStore(table),
    heartbeat: (id: string) => lastBeat(table.client, requestTable, id),
    schema: () => schemaItem(table.client, requestTable),
  };
}

export type Services = ReturnType<typeof services>;
