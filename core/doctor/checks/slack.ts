import type { Expected } from '../expected.ts';
import type { Look, Trouble } from '../finding.ts';
import type { DoctorPorts } from '../ports.ts';

/** What the Slack app depends on: the secret, the token, the channels, and the address that Slack calls. */
export function slackChecks(
  {
    slack,
    urlEvents,
    scopes,
  }: { slack: NonNullable<Expected['slack']>; urlEvents: string | undefined; scopes: readonly string[] },
  look: DoctorPorts,
): Readonly<Record<string, Look>> {
  const fillIn = 'write both values into slack-secret.json and run the command in the output SlackSecretCommand';
  if (urlEvents === undefined)
    return {
      'slack-route': async () => [
        {
          what: 'the configuration names a Slack workspace, and what is deployed has no address for Slack',
          why: 'no button, command or form of Slack does anything, and nobody is told anything there',
          fix: 'deploy, or take slack out of the configuration',
        },
      ],
    };

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
  };
}
