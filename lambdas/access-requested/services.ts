import { createPeopleFinder } from '../../core/access/approval/find-people.ts';
import { createForgedCallLog } from '../../core/access/request/forged-call.ts';
import { ConfigurationError } from '../../core/model/errors.ts';
import type { AccessRequest } from '../../core/model/request.ts';
import { createRefusalLog } from '../../gateways/dynamodb/audit-log.ts';
import { keepAnswers } from '../../gateways/identity-center/kept-directory.ts';
import { keepUsers } from '../../gateways/slack/kept-users.ts';
import { withPageLink } from '../../slack/page-link.ts';
import { peopleOf } from '../../slack/people.ts';
import { approvalReminder } from '../../slack/views/approving/reminder.ts';
import { readEnvironment } from '../shared/environment.ts';
import { once } from '../shared/once.ts';
import { systemNow } from '../shared/services/clock.ts';
import { givableBy } from '../shared/services/configured-targets.ts';
import { accountNames, assignees, decidingDirectory } from '../shared/services/identity-center.ts';
import { chat, slackSecret } from '../shared/services/slack.ts';
import {
  documentClient,
  holdStore,
  policyStore,
  recordList,
  requestStore,
  reviewStore,
  usageStore,
} from '../shared/services/tables.ts';
import { soFarQuestions, workflow } from '../shared/services/workflow.ts';
import { pageOf, statusRenderer } from '../shared/status-renderer.ts';

/** Slack waits three seconds for an answer, so a call to Slack's API is given up after this time. */
const SLACK_TIMEOUT_MS = 1_500;

/** Everything the Slack endpoint works with, built at the first call. */
export const services = once(() => {
  const environment = readEnvironment('access-requested');
  const { settings } = environment;
  const { slack } = settings;
  if (slack === undefined) throw new ConfigurationError('access-requested: the settings know no Slack');
  const secret = slackSecret(environment);
  const shared = {
    chat: chat(environment, SLACK_TIMEOUT_MS, secret),
    policyStore: policyStore(environment),
    directory: decidingDirectory(environment),
  };
  const keptDirectory = keepAnswers(shared.directory, systemNow);
  const { teamIds } = slack;
  const emailDomains = settings.identity.emailDomains;
  const refusals = createRefusalLog({ client: documentClient(), tableName: environment.requestTable });
  return {
    ...shared,
    usage: usageStore(environment),
    /** For display only: identifies people from look-ups that may be minutes old. */
    kept: {
      chat: keepUsers(shared.chat, systemNow),
      policyStore: shared.policyStore,
      directory: keptDirectory,
      teamIds,
      emailDomains,
    },
    settings,
    slackSecret: secret,
    people: createPeopleFinder(shared),
    reviews: reviewStore(environment),
    requests: requestStore(environment),
    refusals,
    noteForged: createForgedCallLog(refusals),
    holds: holdStore(environment),
    soFarQuestions: soFarQuestions(environment),
    workflow: workflow(environment),
    now: systemNow,
    teamIds,
    emailDomains,
    permissionSets: settings.permissionSets,
    groups: settings.groups,
    defaultDurationSeconds: settings.access.defaultDurationSeconds,
    maxDurationSeconds: settings.access.maxDurationSeconds,
    givable: givableBy(settings),
    accounts: accountNames(settings),
    assignees: assignees(environment),
    recordList: recordList(environment),
    keptDirectory,
    ...statusRenderer(settings, environment.consoleUrl),
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

export type Services = ReturnType<typeof services>;
