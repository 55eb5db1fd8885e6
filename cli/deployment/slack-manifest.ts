import { type Command, InvalidArgumentError } from 'commander';

/** The output of the command. */
interface Output {
  stdout(text: string): void;
}

/** Slack's limit: https://docs.slack.dev/reference/app-manifest */
const MAX_NAME_LENGTH = 35;

const DEFAULT_NAME = 'Glasshammer';

/** Bot scopes, each with the Slack calls that need it. None lets the app read messages. */
export const BOT_SCOPES = [
  // chat.postMessage, chat.update, chat.postEphemeral: status messages, approvals, answers.
  'chat:write',
  // The slash command and the shortcuts.
  'commands',
  // users.info: who pressed a button, and whether that user is a guest, a bot, deactivated or of another company.
  'users:read',
  // The e-mail in users.info, and users.lookupByEmail to mention approvers.
  'users:read.email',
  // conversations.open: direct messages to approvers who are not in the approval channel.
  'im:write',
  // conversations.members: who is in the approval channel, if the channel is public …
  'channels:read',
  // … and if it is private.
  'groups:read',
] as const;

export interface SlackManifestOptions {
  /** Address of the HTTP API, `https://….execute-api.<Region>.amazonaws.com`, without a path. */
  readonly baseUrl: string;
  /** Name of the app, as people see it. @default Glasshammer */
  readonly name?: string;
}

/**
 * The Slack app's manifest (schema version 2), with all four request addresses.
 *
 * @throws InvalidArgumentError when Slack would not accept the address or the name
 */
export function slackManifest({ baseUrl, name = DEFAULT_NAME }: SlackManifestOptions): object {
  const base = parseBaseUrl(baseUrl);
  const appName = parseName(name);
  return {
    _metadata: { major_version: 2, minor_version: 1 },
    display_information: {
      name: appName,
      description: 'Temporary AWS access: asked for here, always taken back, always reported.',
      background_color: '#7a1f1f',
    },
    features: {
      // Direct messages to approvers need the messages tab; people write nothing there.
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: true },
      bot_user: { display_name: appName, always_online: true },
      shortcuts: [
        {
          name: 'Request AWS access',
          type: 'global',
          callback_id: 'request.shortcut',
          description: 'Ask for temporary access to an account',
        },
        {
          name: 'Break glass for this',
          type: 'message',
          callback_id: 'request.about-message',
          description: 'Ask for access to the account a message is about',
        },
      ],
      slash_commands: [
        {
          command: '/access',
          url: `${base}/slack/commands`,
          description: 'Ask for temporary AWS access',
          usage_hint: 'what you need it for, or help',
          should_escape: false,
        },
      ],
    },
    oauth_config: { scopes: { bot: [...BOT_SCOPES] } },
    settings: {
      event_subscriptions: { request_url: `${base}/slack/events`, bot_events: ['app_home_opened'] },
      interactivity: {
        is_enabled: true,
        request_url: `${base}/slack/interactivity`,
        message_menu_options_url: `${base}/slack/options`,
      },
      org_deploy_enabled: false,
      socket_mode_enabled: false,
      token_rotation_enabled: false,
    },
  };
}

/** Adds `slack-manifest` to the command line. */
export function register(program: Command, io: Output): void {
  program
    .command('slack-manifest')
    .description('print the manifest of the Slack app, to paste into api.slack.com/apps')
    .requiredOption('--url <url>', 'address of the HTTP API, an output of the stack', parseBaseUrl)
    .option('--name <name>', 'name of the app', parseName, DEFAULT_NAME)
    .action(({ url, name }: { readonly url: string; readonly name: string }) => {
      io.stdout(`${JSON.stringify(slackManifest({ baseUrl: url, name }), null, 2)}\n`);
    });
}

function parseBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:') throw new InvalidArgumentError('Write the https address in the output UrlEvents');
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') {
    throw new InvalidArgumentError('Give the address without query, fragment or user.');
  }
  // The request addresses, which are outputs of the stack too, are accepted as well.
  const path = url.pathname.replace(/\/slack\/(interactivity|commands|options|events)\/?$/, '').replace(/\/+$/, '');
  return `${url.origin}${path}`;
}

function parseName(text: string): string {
  const name = text.trim();
  if (name === '' || name.length > MAX_NAME_LENGTH) {
    throw new InvalidArgumentError(`Give a name of 1 to ${MAX_NAME_LENGTH} characters.`);
  }
  return name;
}
