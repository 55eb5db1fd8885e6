import { SESv2Client } from '@aws-sdk/client-sesv2';
import { createPeopleMailer, type PeopleMailer } from '../../../core/access/notify/mail-people.ts';
import { renderPersonMail } from '../../../core/access/notify/render-mail.ts';
import { createPersonMailer } from '../../../gateways/ses.ts';
import { logFailure } from '../log.ts';
import { METRICS } from '../metric-catalog.ts';
import { count } from '../metrics.ts';
import { plainSentence } from '../plain-sentence.ts';
import type { Settings } from '../settings.ts';
import { AWS_CALLS } from './aws-calls.ts';
import { systemNow } from './clock.ts';
import { directory } from './identity-center.ts';
import { requestStore } from './tables.ts';

/** Where there is no door but Slack, nobody could do anything about a mail. */
const NOBODY: PeopleMailer = { once: async () => ({ mailed: [] }) };

/** Writes to people about requests, in the name that reports come from. */
export function peopleMailer(environment: {
  readonly requestTable: string;
  readonly instance: string;
  readonly identityStore: string;
  readonly consoleUrl?: string;
  readonly settings: Settings;
}): PeopleMailer {
  const { report, portalUrl, api, slack } = environment.settings;
  const { sesRegion, from, configurationSet, identityArn } = report;
  const { consoleUrl } = environment;
  if (slack !== undefined && api === undefined && consoleUrl === undefined) return NOBODY;
  const send = createPersonMailer({
    client: new SESv2Client({ ...AWS_CALLS, ...(sesRegion === undefined ? {} : { region: sesRegion }) }),
    from,
    configurationSet,
    identityArn,
  });
  return createPeopleMailer({
    requests: requestStore(environment),
    directory: directory(environment),
    now: systemNow,
    async send(to, mail) {
      try {
        await send(to, mail);
      } catch (error) {
        count(METRICS.mailFailed);
        logFailure('mail.failed', error);
        throw error;
      }
    },
    render: (request, kind) => renderPersonMail(request, kind, { consoleUrl, portalUrl, refusalWords: plainSentence }),
    onUnreachable(principalId, error = new Error('no address is known')) {
      logFailure('mail.unreachable', error, { principalId });
    },
  });
}
