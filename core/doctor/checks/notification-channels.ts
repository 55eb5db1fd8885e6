import type { Expected } from '../expected.ts';
import type { Look, Trouble } from '../finding.ts';
import type { DoctorPorts } from '../ports.ts';
import { slackChecks } from './slack.ts';

/** The ways to reach people: Slack, where it is configured, the mail of reports and the mail of alarms. */
export function notificationChannelChecks(
  {
    expected,
    alarmTopicArn,
    urlEvents,
    scopes,
  }: { expected: Expected; alarmTopicArn: string; urlEvents?: string | undefined; scopes: readonly string[] },
  look: DoctorPorts,
): Readonly<Record<string, Look>> {
  const { slack, report } = expected;

  return {
    ...(slack === undefined ? {} : slackChecks({ slack, urlEvents, scopes }, look)),

    async mail() {
      const domain = report.from.slice(report.from.indexOf('@') + 1);
      const identity = (await look.mailIdentity(report.from)) ?? (await look.mailIdentity(domain));
      const account = await look.mailAccount();
      const troubles: Trouble[] = [];
      if (identity === undefined || !identity.verified)
        troubles.push({
          what: `SES has not verified ${identity === undefined ? `${report.from} or ${domain}` : report.from} here`,
          why: 'no report is ever mailed',
          fix: `verify it in SES of ${expected.account}, ${report.sesRegion ?? expected.region}, or name another address in report.from`,
        });
      if (identity?.configurationSet !== undefined && identity.configurationSet !== report.configurationSet)
        troubles.push({
          what: `${report.from} has a default configuration set, ${identity.configurationSet}`,
          why: 'the report has no right to it, so SES refuses to send',
          fix: `set report.configurationSet: '${identity.configurationSet}' and deploy, or take it off the identity`,
        });
      if (!account.sending || account.status === 'SHUTDOWN')
        troubles.push({
          what: 'SES does not send: it is paused in this account',
          why: 'no report is ever mailed',
          fix: 'see the reputation dashboard of SES, and answer its notice',
        });
      if (!account.production) {
        for (const to of report.to)
          if (
            (await look.mailIdentity(to))?.verified !== true &&
            (await look.mailIdentity(to.slice(to.indexOf('@') + 1)))?.verified !== true
          )
            troubles.push({
              what: `SES is in its sandbox, and ${to} is not verified`,
              why: 'no report reaches anybody: SES refuses the whole mail',
              fix: 'ask for production access of SES, or verify every recipient',
            });
      }
      if (!account.production && slack === undefined)
        troubles.push({
          what: 'SES is in its sandbox, and there is no Slack',
          why: 'approvers and requesters are written to, and get nothing at an address that is not verified',
          fix: 'ask for production access of SES',
        });
      // SES reports a daily quota of -1 where there is no limit.
      if (account.perDay >= 0 && account.sentToday + report.to.length > account.perDay)
        troubles.push({
          what: `SES has sent ${account.sentToday} of ${account.perDay} mails within 24 hours`,
          why: 'the next report is refused',
          fix: 'ask for a higher sending quota of SES',
        });
      return troubles.length === 0 ? `reports go from ${report.from} to ${report.to.join(', ')}` : troubles;
    },

    async 'alarm-mail'() {
      const subscriptions = await look.subscriptions(alarmTopicArn);
      if (expected.alarmEmails.length === 0 && subscriptions.length === 0)
        return [
          {
            what: 'nobody receives the alarms',
            why: 'that access could not be taken back is told to nobody',
            fix: 'write alarms.emails and deploy, or subscribe your own tool to the topic in AlarmTopicArn',
          },
        ];
      const troubles = expected.alarmEmails.flatMap((email): Trouble[] => {
        const found = subscriptions.filter(({ endpoint }) => endpoint === email);
        if (found.some(({ confirmed }) => confirmed)) return [];
        return [
          {
            what: `${email} ${found.length === 0 ? 'is not subscribed to the alarms' : 'has not confirmed the subscription to the alarms'}`,
            why: 'alarms do not reach them',
            fix:
              found.length === 0
                ? 'npx cdk deploy subscribes them'
                : 'open the link in the mail from AWS Notifications',
          },
        ];
      });
      return troubles.length === 0 ? `${subscriptions.length} receivers of alarms` : troubles;
    },
  };
}
