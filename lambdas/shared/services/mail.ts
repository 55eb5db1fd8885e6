import { SESv2Client } from '@aws-sdk/client-sesv2';
import { createOperatorMailer, type OperatorMailer } from '../../../core/access/notify/mail-operators.ts';
import { createPeopleMailer, type PeopleMailer } from '../../../core/access/notify/mail-people.ts';
import { renderPersonMail } from '../../../core/access/notify/render-mail.ts';
import type { Mail } from '../../../core/activity/ports.ts';
import { createPersonMailer } from '../../../gateways/ses.ts';
import { logFailure } from '../log.ts';
import { METRICS } from '../monitoring/metric-catalog.ts';
import { count } from '../monitoring/metrics.ts';
import { plainSentence } from '../plain-sentence.ts';
import type { Settings } from '../settings.ts';
import { AWS_CALLS } from './aws-calls.ts';
import { systemNow } from './clock.ts';
import { directory } from './identity-center.ts';
import { requestStore } from './tables.ts';

/** Mails nobody: if people can act only in Slack, a mail gives them nothing to act on. */
const NOBODY: PeopleMailer = { once: async () => ({ mailed: [] }) };

interface MailEnvironment {
  readonly requestTable: string;
  readonly instance: string;
  readonly identityStore: string;
  readonly consoleUrl?: string;
  readonly settings: Settings;
}

/** Mails people about requests, from the sender address of the reports. */
export function peopleMailer(environment: MailEnvironment): PeopleMailer {
  const { portalUrl, api, slack } = environment.settings;
  const { consoleUrl } = environment;
  if (slack !== undefined && api === undefined && consoleUrl === undefined) return NOBODY;
  return createPeopleMailer({
    requests: requestStore(environment),
    directory: directory(environment),
    now: systemNow,
    send: sender(environment.settings),
    render: (request, kind) => renderPersonMail(request, kind, { consoleUrl, portalUrl, refusalWords: plainSentence }),
    onUnreachable,
  });
}

/**
 * Mails operators about things that concern no single request. It mails nobody if the configuration names no operators.
 */
export function operatorMailer(
  environment: Pick<MailEnvironment, 'instance' | 'identityStore' | 'settings'>,
): OperatorMailer {
  return createOperatorMailer({
    groups: environment.settings.personas?.operators ?? [],
    directory: directory(environment),
    send: sender(environment.settings),
    onUnreachable,
  });
}

/** Sends a mail. A failure is counted for the alarm, logged and thrown. */
function sender({ report }: Settings): (to: string, mail: Mail) => Promise<void> {
  const { sesRegion, from, configurationSet, identityArn } = report;
  const send = createPersonMailer({
    client: new SESv2Client({ ...AWS_CALLS, ...(sesRegion === undefined ? {} : { region: sesRegion }) }),
    from,
    configurationSet,
    identityArn,
  });
  return async (to, mail) => {
    try {
      await send(to, mail);
    } catch (error) {
      count(METRICS.mailFailed);
      logFailure('mail.failed', error);
      throw error;
    }
  };
}

function onUnreachable(principalId: string, error: unknown = new Error('no address is known')): void {
  logFailure('mail.unreachable', error, { principalId });
}
