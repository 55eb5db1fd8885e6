import { Command } from 'commander';
import { register, slackManifest } from '../../../cli/deployment/slack-manifest.ts';
import { ACCESS_COMMAND, ACCESS_SHORTCUT, MESSAGE_SHORTCUT } from '../../../slack/actions.ts';
import { SLACK_ROUTES } from '../../../slack/routes.ts';

const BASE = 'https://abc123.execute-api.eu-central-1.amazonaws.com';

interface Manifest {
  display_information: { name: string; description: string };
  features: { slash_commands: { command: string; url: string }[]; shortcuts: { callback_id: string; type: string }[] };
  oauth_config: { scopes: { bot: string[] } };
  settings: {
    interactivity: { is_enabled: boolean; request_url: string; message_menu_options_url: string };
    event_subscriptions: { request_url: string; bot_events: string[] };
    socket_mode_enabled: boolean;
  };
}

function manifest(options: Parameters<typeof slackManifest>[0]): Manifest {
  return slackManifest(options) as Manifest;
}

function run(...args: string[]): { output: string; error?: string } {
  let output = '';
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  register(program, { stdout: (text) => (output += text) });
  for (const command of program.commands) command.exitOverride().configureOutput({ writeErr: () => undefined });
  try {
    program.parse(args, { from: 'user' });
    return { output };
  } catch (error) {
    return { output, error: (error as Error).message };
  }
}

test('the manifest names the URLs, the slash command and the shortcuts that Glasshammer answers', () => {
  const { features, settings } = manifest({ baseUrl: BASE });
  expect(settings.interactivity).toEqual({
    is_enabled: true,
    request_url: BASE + SLACK_ROUTES.interactivity,
    message_menu_options_url: BASE + SLACK_ROUTES.options,
  });
  expect(settings.event_subscriptions).toEqual({
    request_url: BASE + SLACK_ROUTES.events,
    bot_events: ['app_home_opened'],
  });
  expect(features.slash_commands).toMatchObject([{ command: ACCESS_COMMAND, url: BASE + SLACK_ROUTES.commands }]);
  expect(features.shortcuts).toMatchObject([
    { callback_id: ACCESS_SHORTCUT, type: 'global' },
    { callback_id: MESSAGE_SHORTCUT, type: 'message' },
  ]);
});

test('the app asks for no scope that reads messages', () => {
  expect(
    manifest({ baseUrl: BASE }).oauth_config.scopes.bot.filter((scope) => /history|admin|files/.test(scope)),
  ).toEqual([]);
});

test('name and description are within the lengths that Slack allows', () => {
  const { display_information } = manifest({ baseUrl: BASE, name: 'x'.repeat(35) });
  expect(display_information.name).toHaveLength(35);
  expect(display_information.description.length).toBeLessThanOrEqual(140);
});

test.each([`${BASE}/`, `${BASE}/slack/interactivity`, `${BASE}/slack/events/`])(
  'the URL may be given as %s',
  (baseUrl) => {
    expect(manifest({ baseUrl })).toEqual(manifest({ baseUrl: BASE }));
  },
);

test('an API stage in the URL is kept', () => {
  const url = manifest({ baseUrl: `${BASE}/prod/` }).settings.interactivity.request_url;
  expect(url).toBe(`${BASE}/prod/slack/interactivity`);
});

test.each([
  'http://abc123.example',
  'abc123.example',
  '',
  `${BASE}?x=1`,
  `${BASE}#x`,
  'https://user:secret@abc.example',
])('the URL %p is refused in one line, before Slack would refuse it', (url) => {
  expect(() => slackManifest({ baseUrl: url })).toThrow();
  const { output, error } = run('slack-manifest', '--url', url);
  expect(output).toBe('');
  expect(error).toMatch(/^error: [^\n]+$/);
});

test('the command prints the manifest as JSON, with the given app name', () => {
  const { output } = run('slack-manifest', '--url', BASE, '--name', ' Break Glass ');
  expect(JSON.parse(output)).toEqual(slackManifest({ baseUrl: BASE, name: 'Break Glass' }));
  expect(run('slack-manifest', '--url', BASE, '--name', 'x'.repeat(36)).error).toContain('1 to 35 characters');
  expect(run('slack-manifest').error).toContain('--url');
});
