import { identifyPerson, type SlackCaller } from '../../core/access/request/identity/identify.ts';
import { businessOf } from '../../core/access/request/identity/own-business.ts';
import { homeView, refusedHomeView } from '../../slack/views/home.ts';
import { logFailure } from '../shared/log.ts';
import { METRICS } from '../shared/metric-catalog.ts';
import { count } from '../shared/metrics.ts';
import { givenBefore, orNothing } from './forms/request-form.ts';
import type { Services } from './services.ts';

/** Shows a person what is their business now, with the buttons to act on it; or why they have none here. */
export async function showHome(caller: SlackCaller, all: Services): Promise<void> {
  const who = await identifyPerson(caller, all);
  if (!who.identified) {
    await all.chat.publishHome(caller.slackId, refusedHomeView(who.refusal, caller.slackId));
    return;
  }
  const { principalId } = who.person;
  const [business, before] = await Promise.all([
    businessOf(principalId, all),
    orNothing(givenBefore(principalId, all)),
  ]);
  const view = homeView({
    ...business,
    portalUrl: all.settings.portalUrl,
    ...(before === undefined ? {} : { before }),
  });
  await all.chat.publishHome(caller.slackId, view);
}

/** Shows at once what a press in the Home has changed. What was done stays done when Slack does not take it. */
export async function refreshHome(caller: SlackCaller, all: Services): Promise<void> {
  try {
    await showHome(caller, all);
  } catch (error) {
    logFailure('slack.home-failed', error);
    count(METRICS.slackFailed);
  }
}
