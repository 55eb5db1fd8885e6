/** The addresses that Slack calls, each with its own type of body. */
export const SLACK_ROUTES = {
  /** Buttons, modals and shortcuts. */
  interactivity: '/slack/interactivity',
  /** Slash commands. */
  commands: '/slack/commands',
  /** Options of external selects. */
  options: '/slack/options',
  /** The Events API. */
  events: '/slack/events',
} as const;

export type SlackRoute = keyof typeof SLACK_ROUTES;
