import { createPeopleFinder } from '../../core/access/approval/find-people.ts';
import { ConfigurationError } from '../../core/model/errors.ts';
import { readEnvironment } from '../shared/environment.ts';
import { once } from '../shared/once.ts';
import { systemNow } from '../shared/services/clock.ts';
import { givableBy } from '../shared/services/configured-targets.ts';
import { assignments, decidingDirectory } from '../shared/services/identity-center.ts';
import { NO_SLACK } from '../shared/services/no-slack.ts';
import { holdStore, policyStore, requestStore } from '../shared/services/tables.ts';
import { workflow } from '../shared/services/workflow.ts';

/** Everything a trial needs: the services of any ask, and a look at the assignment. Built at the first call. */
export const services = once(() => {
  const environment = readEnvironment('try-access');
  const { settings } = environment;
  if (settings.canary === undefined) throw new ConfigurationError('try-access: the settings name no canary');
  const shared = { policyStore: policyStore(environment), directory: decidingDirectory(environment), chat: NO_SLACK };
  return {
    ...shared,
    canaryUserId: settings.canary.userId,
    nightly: settings.canary.nightly,
    assignments: assignments(environment),
    people: createPeopleFinder(shared),
    requests: requestStore(environment),
    holds: holdStore(environment),
    workflow: workflow(environment),
    teamIds: [],
    emailDomains: [],
    permissionSets: settings.permissionSets,
    groups: settings.groups,
    defaultDurationSeconds: settings.access.defaultDurationSeconds,
    maxDurationSeconds: settings.access.maxDurationSeconds,
    givable: givableBy(settings),
    now: systemNow,
  };
});

export type Services = ReturnType<typeof services>;
