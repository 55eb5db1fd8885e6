import type { Alert } from './alerts.ts';
import { checkContent } from './checks/check-message.ts';
import type { Fields } from './checks/shape.ts';
import { type DirectCall, meetDirectCall, showDirectAnswer } from './direct-calls.ts';
import { APP, type Failure, type SlackSeed, type SlackSnapshot } from './model.ts';
import { Courier, type Deliver, type Outcome } from './people/deliver.ts';
import { findChannel, findSeen, findUser, NotOnScreenError } from './people/find.ts';
import {
  closeView,
  type LoadOptions,
  loadOptions,
  type PressInView,
  pressInView,
  type Submit,
  submitView,
} from './people/forms.ts';
import { homeOpened, messageShortcut, shortcut, slashCommand } from './people/payloads.ts';
import { outcomeOf, type Press, pressButton, type Setting, showAnswer } from './people/press.ts';
import { snapshotOf } from './people/screen.ts';
import { handleWebApi, type WebApiOptions } from './web-api.ts';
import type { WireRequest, WireResponse } from './wire.ts';
import { dmWith, Workspace } from './workspace.ts';

export interface SlackEmulatorOptions {
  seed: SlackSeed;
  clock: { nowMs(): number };
  /** Virtual milliseconds per real one. Slack's limits of seconds are multiplied by it. Default 1. */
  speed?: number;
  faults: WebApiOptions['faults'];
  calls: WebApiOptions['calls'];
  /** The address of this emulator, without a trailing slash. response_urls begin with it. */
  baseUrl(): string;
  signingSecret: string;
  /** Posts a signed call to the app. */
  deliver: Deliver;
}

/**
 * An emulator of Slack as the app sees it: the Web API and response_urls for the app, and methods that act as people
 * who press and type. Each act builds the payload that Slack would send, signs it and delivers it to the app. The app's
 * answer is shown as Slack shows it; failures are kept in `failures`.
 */
export interface SlackEmulator {
  /** Answers `/api/<method>` and `/hooks/…`. */
  handle(request: WireRequest): Promise<WireResponse>;
  /** Messages, ephemerals and views, for tests and scripts. */
  snapshot(): SlackSnapshot;
  /** Is there such a channel, and is the app a member? */
  hasChannel(id: string): boolean;
  /** The failures that people saw, oldest first. */
  failures(): readonly Failure[];
  /** Discards all state and starts again with the given seed, or with the previous one. */
  reset(seed?: SlackSeed): void;
  /**
   * Posts an alert as an alerting bot does through the app, with the bot's name and icon.
   *
   * @throws SlackError for content Slack refuses.
   */
  postAlert(alert: Alert): { channel: string; ts: string };
  /** Posts a message of a person in a channel. */
  say(message: { user: string; channel: string; text: string; threadTs?: string }): { channel: string; ts: string };
  pressButton(press: Press): Promise<Outcome>;
  submitView(submit: Submit): Promise<Outcome>;
  closeView(close: { user: string; viewId?: string | undefined }): Promise<Outcome>;
  pressInView(press: PressInView): Promise<Outcome>;
  /** Types a slash command, e.g. `/access` with a text. */
  runCommand(run: { user: string; command: string; text: string; channel: string }): Promise<Outcome>;
  /** With a message, runs a message shortcut; without one, a global shortcut. */
  useShortcut(use: {
    user: string;
    callbackId: string;
    channel?: string | undefined;
    ts?: string | undefined;
  }): Promise<Outcome>;
  /** Opens the app's Home tab. The app may publish a view in answer. */
  openAppHome(open: { user: string }): Promise<Outcome>;
  loadOptions(load: LoadOptions): Promise<Fields[]>;
  /** Registers a call that a program posts directly to the app. To be called before the app gets it. */
  meetDirectCall(call: DirectCall): void;
  /** Shows the app's answer to a direct call. */
  showDirectAnswer(call: DirectCall, answer: { status: number; body: string }): void;
}

/** Creates the workspace of the seed, with the app installed. */
export function createSlackEmulator(options: SlackEmulatorOptions): SlackEmulator {
  const { clock, speed = 1, faults, calls } = options;
  const time = { nowMs: () => clock.nowMs(), speed };
  let seed = options.seed;
  let workspace = new Workspace(seed, time);
  const courier = new Courier(options);
  const setting = (): Setting => ({
    workspace,
    courier,
    responseUrl: (kind, id) => `${options.baseUrl()}/hooks/${kind}/${id}`,
  });

  return {
    handle: (request) => handleWebApi({ workspace: () => workspace, faults, calls }, request),
    snapshot: () => snapshotOf(workspace),
    hasChannel: (id) => workspace.channels.get(id)?.members.includes(APP.botUserId) === true,
    failures: () => [...workspace.failures],
    reset(next = seed) {
      seed = next;
      workspace = new Workspace(seed, time);
    },

    postAlert({ username, icon, ...message }) {
      checkContent(message);
      const channel = workspace.writable(message.channel).id;
      const { ts } = workspace.post({ ...message, channel, threadTs: null, author: { kind: 'app', username, icon } });
      return { channel, ts };
    },
    say({ user, channel, text, threadTs = null }) {
      const author = { kind: 'person', userId: findUser(workspace, user).id } as const;
      const { id } = findChannel(workspace, channel);
      return {
        channel: id,
        ts: workspace.post({ channel: id, threadTs, text, blocks: [], attachments: [], author }).ts,
      };
    },

    pressButton: (press) => pressButton(setting(), press),
    submitView: (submit) => submitView(setting(), submit),
    closeView: (close) => closeView(setting(), close),
    pressInView: (press) => pressInView(setting(), press),
    loadOptions: (load) => loadOptions(setting(), load),
    meetDirectCall: (call) => meetDirectCall(workspace, call),
    showDirectAnswer: (call, answer) => showDirectAnswer(workspace, call, answer),
    runCommand: (run) => runCommand(setting(), run),
    async useShortcut({ user: userId, callbackId, channel, ts }) {
      const user = findUser(workspace, userId);
      const triggerId = workspace.newTrigger(user.id);
      const payload =
        channel === undefined || ts === undefined
          ? shortcut(workspace, user, callbackId, triggerId)
          : messageShortcut(workspace, {
              user,
              callbackId,
              triggerId,
              ...shortcutPlace(setting(), userId, channel, ts),
            });
      const who = { user: user.id, doing: `use the shortcut ${callbackId}` };
      return outcomeOf(await courier.interaction(workspace, 'interactivity', payload, who));
    },
    async openAppHome({ user: userId }) {
      const user = findUser(workspace, userId);
      const event = homeOpened(workspace, { user, channel: dmWith(user.id), view: workspace.homes.get(user.id) });
      return outcomeOf(await courier.event(workspace, event, { user: user.id, doing: `open the Home of ${APP.name}` }));
    },
  };
}

/** Only messages that everybody in the channel sees have a shortcut menu. @throws NotOnScreenError for any other */
function shortcutPlace({ workspace, responseUrl }: Setting, user: string, channelId: string, ts: string) {
  const channel = findChannel(workspace, channelId);
  const found = findSeen(workspace, { user, channel: channelId, ts });
  if (found.kind !== 'message') throw new NotOnScreenError('A message that one person alone sees has no shortcuts.');
  const { message } = found;
  const place = { user, channel: channelId, threadTs: message.threadTs };
  return {
    seen: { channel, ts, threadTs: message.threadTs, message },
    responseUrl: responseUrl('actions', workspace.newResponseUrl(place)),
  };
}

async function runCommand(
  { workspace, courier, responseUrl }: Setting,
  run: { user: string; command: string; text: string; channel: string },
): Promise<Outcome> {
  const user = findUser(workspace, run.user);
  const channel = findChannel(workspace, run.channel);
  const place = { user: user.id, channel: channel.id, threadTs: null };
  const fields = slashCommand(workspace, {
    user,
    channel,
    command: run.command,
    text: run.text,
    responseUrl: responseUrl('commands', workspace.newResponseUrl(place)),
    triggerId: workspace.newTrigger(user.id),
  });
  const who = { user: user.id, doing: `run ${run.command}` };
  const answer = await courier.form(workspace, 'commands', fields, who);
  if (!answer.taken) return answer.outcome;
  return showAnswer(workspace, place, answer, who, {
    plainTextIsShown: true,
    defaults: () => ({ replaceByDefault: false, publicByDefault: false }),
  });
}
