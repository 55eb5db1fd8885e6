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
  /** Virtual milliseconds in a real one; stretches Slack's limits of seconds. Default 1. */
  speed?: number;
  faults: WebApiOptions['faults'];
  calls: WebApiOptions['calls'];
  /** Where this emulator is reached, without a slash at the end; response_urls are made of it. */
  baseUrl(): string;
  signingSecret: string;
  /** Posts a signed call to the app. */
  deliver: Deliver;
}

/**
 * Slack, as far as the app can tell: the Web API and response_urls on the one side, people who press and type on the other.
 * Everything a person does builds the payload Slack would send, signs it and hands it to the app; the answer is shown the way
 * Slack shows it, and what goes wrong is kept in `failures`.
 */
export interface SlackEmulator {
  /** Answers `/api/<method>` and `/hooks/…`. */
  handle(request: WireRequest): Promise<WireResponse>;
  /** Messages, ephemerals and views, for programs. */
  snapshot(): SlackSnapshot;
  /** Is there such a channel, with the app in it? */
  hasChannel(id: string): boolean;
  /** What people saw go wrong, oldest first. */
  failures(): readonly Failure[];
  /** Forgets everything and starts again, from the seed given or the one it had. */
  reset(seed?: SlackSeed): void;
  /** An alerting bot posts through the app, under its own name. @throws SlackError for content Slack refuses. */
  postAlert(alert: Alert): { channel: string; ts: string };
  /** A person writes in a channel. */
  say(message: { user: string; channel: string; text: string; threadTs?: string }): { channel: string; ts: string };
  pressButton(press: Press): Promise<Outcome>;
  submitView(submit: Submit): Promise<Outcome>;
  closeView(close: { user: string; viewId?: string | undefined }): Promise<Outcome>;
  pressInView(press: PressInView): Promise<Outcome>;
  /** Types a slash command, e.g. `/access` with a text. */
  runCommand(run: { user: string; command: string; text: string; channel: string }): Promise<Outcome>;
  /** With a message, the shortcut of its menu; without, the global one. */
  useShortcut(use: {
    user: string;
    callbackId: string;
    channel?: string | undefined;
    ts?: string | undefined;
  }): Promise<Outcome>;
  /** Opens the Home tab of the app; the app may publish a view for it. */
  openAppHome(open: { user: string }): Promise<Outcome>;
  loadOptions(load: LoadOptions): Promise<Fields[]>;
  /** Takes note of a call that a program posts to the app itself, before the app sees it. */
  meetDirectCall(call: DirectCall): void;
  /** Shows the app's answer to such a call. */
  showDirectAnswer(call: DirectCall, answer: { status: number; body: string }): void;
}

/** A workspace as the seed describes it, and the app in it. */
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

/** Only a message that all see has the menu. @throws NotOnScreenError where there is none */
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
