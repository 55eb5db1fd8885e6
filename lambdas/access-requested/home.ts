import {
  type IdentifiedPerson,
  identifyPerson,
  type SlackCaller,
} from '../../core/access/request/identity/identify.ts';
import { businessOf } from '../../core/access/request/identity/own-business.ts';
import type { AppHomeOpened } from '../../slack/call.ts';
import { homeView } from '../../slack/views/home.ts';
import { logFailure } from '../shared/log.ts';
import { METRICS } from '../shared/monitoring/metric-catalog.ts';
import { count } from '../shared/monitoring/metrics.ts';
import { givenBefore, orNothing } from './forms/request-form.ts';
import { refuse } from './refused-action.ts';
import type { Services } from './services.ts';

/** Shows the App Home with the person's requests and buttons, or with the reason why they cannot use Glasshammer. */
export async function openHome(call: AppHomeOpened, all: Services): Promise<void> {
  const who = await identifyPerson(call.caller, all);
  if (who.identified) return publish(call.caller, who.person, all);
  const { strangers } = await refuse(call, who, all);
  await all.chat.publishHome(call.caller.slackId, strangers.home());
}

async function publish({ slackId }: SlackCaller, { principalId }: IdentifiedPerson, all: Services): Promise<void> {
  const [business, before] = await Promise.all([
    businessOf(principalId, all),
    orNothing(givenBefore(principalId, all)),
  ]);
  const view = homeView({
    ...business,
    portalUrl: all.settings.portalUrl,
    ...(before === undefined ? {} : { before }),
  });
  await all.chat.publishHome(slackId, view);
}

/** Updates the App Home at once after a press in it. If that fails, the action stands. */
export async function refreshHome(caller: SlackCaller, all: Services): Promise<void> {
  try {
    const who = await identifyPerson(caller, all);
    if (who.identified) await publish(caller, who.person, all);
  } catch (error) {
    logFailure('slack.home-failed', error);
    count(METRICS.slackFailed);
  }
}
