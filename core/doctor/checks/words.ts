import type { Expected } from '../expected.ts';
import type { Look, Trouble } from '../finding.ts';
import type { DoctorPorts } from '../ports.ts';

/** What people are told by: Slack, the mail of reports and the mail of alarms. */
export function wordChecks(
  {
    expected,
    alarmTopicArn,
    urlEvents,
    scopes,
  }: { expected: Expected; alarmTopicArn: string; urlEvents: string; scopes: readonly string[] },
  look: DoctorPorts,
): Readonly<Record<string, Look>> {
  const { slack, report } = expected;
  const fillIn = 'write both values into slack-secret.json and run the command in the output SlackSecretCommand';

  return {
    async 'slack-secret'() {
      const state = await look.slackSecret();
      if (state === 'filled') return 'the Slack secret is filled in';
      return [
        state === 'random'
          ? {
              what: 'the Slack secret still holds the random value it was made with',
              why: 'every call of Slack is refused',
              fix: fillIn,
            }
          : {
              what: 'the Slack secret is not {"signingSecret": "…", "botToken": "…"}',
              why: 'every call of Slack is refused',
              fix: fillIn,
            },
      ];
    },

    async 'slack-token'() {
      const token = await look.slackToken();
      if ('refused' in token)
        return [
          {
            what: `Slack refuses the bot token: ${token.refused}`,
            why: 'nobody is asked, told or warned in Slack',
            fix: `copy the bot token from OAuth & Permissions of the app, then ${fillIn}`,
          },
        ];
      const troubles: Trouble[] = [];
      if (!slack.teamIds.includes(token.teamId))
        troubles.push({
          what: `the bot token is of workspace ${token.teamId}; the configuration says ${slack.teamIds.join(', ')}`,
          why: 'everybody is refused as a member of another workspace',
          fix: `write teamIds: ['${token.teamId}'] and deploy, or install the app in the right workspace`,
        });
      const missing = scopes.filter((scope) => !token.scopes.includes(scope));
      if (missing.length > 0)
        troubles.push({
          what: `the Slack app lacks ${missing.join(', ')}`,
          why: 'what needs these scopes fails, such as finding out who somebody is',
          fix: 'update the app with the manifest that SlackManifestCommand prints, and install it again',
        });
      return troubles.length === 0 ? `the bot token is good for workspace ${token.teamId}` : troubles;
    },

    async 'slack-channels'() {
      const troubles: Trouble[] = [];
      for (const id of new Set([slack.approvalChannel, slack.operatorChannel])) {
        const channel = await look.channel(id);
        const why =
          id === slack.approvalChannel
            ? 'approvers are asked nowhere but in direct messages'
            : 'operators hear nothing';
        if (channel === undefined)
          troubles.push({
            what: `the app sees no channel ${id}`,
            why,
            fix: 'invite the app (/invite @Glasshammer) if it is private; else correct its id in slack and deploy',
          });
        else if (channel.archived)
          troubles.push({ what: `channel ${id} is archived`, why, fix: 'name another channel in slack and deploy' });
        else if (!channel.member)
          troubles.push({
            what: `the app is not in channel ${id}`,
            why,
            fix: 'write /invite @Glasshammer in the channel',
          });
      }
      return troubles.length === 0 ? 'the app is in its channels' : troubles;
    },

    async 'slack-route'() {
      const answer = await look.slackRoute(urlEvents);
      if (answer === 'answers') return `${urlEvents} answers a signed call`;
      return [
        answer === 'refused'
          ? {
              what: `${urlEvents} refuses a call signed with the secret`,
              why: 'the functions know another secret than Secrets Manager holds, or the API is another deployment',
              fix: 'wait five minutes if the secret has just been changed; else compare the address with the output UrlEvents',
            }
          : {
              what: `${urlEvents} does not answer`,
              why: 'no button, command or form of Slack does anything',
              fix: 'read the logs of the function access-requested; deploy again if the API is gone',
            },
      ];
    },

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
      // -1: without limit.
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
