import { LIMITS } from './checks/limits.ts';
import { type Fields, fieldsList } from './checks/shape.ts';
import {
  APP,
  type Author,
  type Ephemeral,
  type Failure,
  type Message,
  type OpenView,
  type ResponseUrl,
  type SlackChannel,
  type SlackSeed,
  type SlackUser,
  type Trigger,
} from './model.ts';
import { SlackError } from './slack-error.ts';

/** The time and its speed, for the emulated Slack. */
export interface WorkspaceClock {
  nowMs(): number;
  /**
   * Virtual milliseconds per real one. People, networks and the app do not get faster with the clock, so Slack's limits
   * of seconds are multiplied by it.
   */
  speed: number;
}

/** The state of the emulated Slack. */
export class Workspace {
  readonly team: { id: string; name: string; domain: string };
  readonly users: ReadonlyMap<string, SlackUser>;
  readonly channels: ReadonlyMap<string, SlackChannel>;
  messages: Message[] = [];
  ephemerals: Ephemeral[] = [];
  /** Each person's modals, from the bottom up. */
  readonly modals = new Map<string, OpenView[]>();
  readonly homes = new Map<string, OpenView>();
  readonly responseUrls = new Map<string, ResponseUrl>();
  readonly triggers = new Map<string, Trigger>();
  /**
   * `channel ts` of messages that are not in this workspace but that a direct call named. Replies to them are accepted.
   */
  readonly unseen = new Set<string>();
  failures: Failure[] = [];
  /** The app's scopes, which every answer names in a header. */
  scopes: readonly string[] = APP.scopes;
  readonly #clock: WorkspaceClock;
  #lastMicros = 0;
  #ids = 0;

  constructor(seed: SlackSeed, clock: WorkspaceClock) {
    const { id, name = 'Home', domain = 'home' } = seed.workspace;
    this.team = { id, name, domain };
    this.users = new Map(seed.users.map((user) => [user.id, user]));
    this.channels = new Map(seed.channels.map((channel) => [channel.id, channel]));
    this.#clock = clock;
  }

  nowMs(): number {
    return this.#clock.nowMs();
  }

  /** The virtual length of a limit that Slack states in real milliseconds. */
  stretched(ms: number): number {
    return ms * this.#clock.speed;
  }

  /** The next timestamp, `seconds.micros`: unique and increasing. */
  nextTs(): string {
    this.#lastMicros = Math.max(this.nowMs() * 1000, this.#lastMicros + 1);
    const micros = String(this.#lastMicros % 1_000_000).padStart(6, '0');
    return `${Math.floor(this.#lastMicros / 1_000_000)}.${micros}`;
  }

  /** A unique id. The sequence is the same after each start. */
  nextId(prefix: string): string {
    this.#ids += 1;
    return `${prefix}${this.#ids.toString(36).toUpperCase().padStart(6, '0')}`;
  }

  user(id: string): SlackUser | undefined {
    return this.users.get(id);
  }

  /** A channel, or the app's direct conversation with one person. */
  conversation(
    id: string,
  ): { id: string; name: string; members: string[]; appIsMember: boolean; dm: boolean } | undefined {
    const channel = this.channels.get(id);
    if (channel !== undefined) {
      const { name, members } = channel;
      return { id, name, members, appIsMember: members.includes(APP.botUserId), dm: false };
    }
    const partner = [...this.users.keys()].find((userId) => dmWith(userId) === id);
    if (partner === undefined) return undefined;
    return { id, name: 'directmessage', members: [partner], appIsMember: true, dm: true };
  }

  /**
   * A conversation the app may post to: a channel, a direct conversation, or a user id for that user's direct
   * conversation.
   *
   * @throws SlackError channel_not_found, not_in_channel
   */
  writable(id: string): { id: string; members: string[]; dm: boolean } {
    const conversation = this.conversation(this.users.has(id) ? dmWith(id) : id);
    if (conversation === undefined) throw new SlackError('channel_not_found');
    if (!conversation.appIsMember) throw new SlackError('not_in_channel');
    return conversation;
  }

  message(channel: string, ts: string): Message | undefined {
    return this.messages.find((message) => message.channel === channel && message.ts === ts);
  }

  /** Adds a message. Blocks, attachments and actions without an id get one, as in Slack. */
  post(message: {
    channel: string;
    threadTs: string | null;
    text: string;
    blocks: Fields[];
    attachments: Fields[];
    author: Author;
  }): Message {
    const posted: Message = {
      ...message,
      ts: this.nextTs(),
      blocks: this.withBlockIds(message.blocks),
      attachments: this.withAttachmentIds(message.attachments),
      edits: 0,
      markedEdited: false,
    };
    this.messages.push(posted);
    return posted;
  }

  withBlockIds(blocks: readonly Fields[]): Fields[] {
    return blocks.map((block) => ({ ...block, block_id: block.block_id ?? this.nextId('b') }));
  }

  withAttachmentIds(attachments: readonly Fields[]): Fields[] {
    return attachments.map((attachment, index) => ({
      ...attachment,
      id: index + 1,
      ...(attachment.blocks === undefined ? {} : { blocks: this.withBlockIds(fieldsList(attachment.blocks)) }),
      ...(attachment.actions === undefined
        ? {}
        : { actions: fieldsList(attachment.actions).map((action, at) => ({ ...action, id: String(at + 1) })) }),
    }));
  }

  /** Shows an ephemeral message to one person. */
  postEphemeral(message: Omit<Ephemeral, 'ts'>): Ephemeral {
    const posted = {
      ...message,
      ts: this.nextTs(),
      blocks: this.withBlockIds(message.blocks),
      attachments: this.withAttachmentIds(message.attachments),
    };
    this.ephemerals.push(posted);
    return posted;
  }

  newTrigger(user: string, viewId?: string): string {
    const id = `${this.nextId('')}.${this.team.id}.${user}`;
    const expiresAtMs = this.nowMs() + this.stretched(LIMITS.triggerMs);
    this.triggers.set(id, { id, user, expiresAtMs, exchanged: false, ...(viewId === undefined ? {} : { viewId }) });
    return id;
  }

  /**
   * Marks a trigger as used.
   *
   * @throws SlackError invalid_trigger_id, exchanged_trigger_id, expired_trigger_id
   */
  exchangeTrigger(id: string): Trigger {
    const trigger = this.triggers.get(id);
    if (trigger === undefined) throw new SlackError('invalid_trigger_id');
    if (trigger.exchanged) throw new SlackError('exchanged_trigger_id');
    if (this.nowMs() > trigger.expiresAtMs) throw new SlackError('expired_trigger_id');
    trigger.exchanged = true;
    return trigger;
  }

  newResponseUrl(
    options: Pick<ResponseUrl, 'user' | 'channel' | 'threadTs'> & { source?: ResponseUrl['source'] },
  ): string {
    const { source, ...rest } = options;
    const id = `${this.team.id}/${this.nextId('')}`;
    const expiresAtMs = this.nowMs() + LIMITS.responseUrlMs;
    this.responseUrls.set(id, { id, ...rest, uses: 0, expiresAtMs, ...(source === undefined ? {} : { source }) });
    return id;
  }

  modalsOf(user: string): OpenView[] {
    return this.modals.get(user) ?? [];
  }

  openViews(): OpenView[] {
    return [...[...this.modals.values()].flat(), ...this.homes.values()];
  }

  fail(failure: Omit<Failure, 'at'>): void {
    this.failures.push({ ...failure, at: new Date(this.nowMs()).toISOString() });
  }

  /** A view in the format in which Slack sends it to the app. */
  viewObject(view: OpenView): Fields {
    return {
      private_metadata: '',
      callback_id: '',
      external_id: '',
      clear_on_close: false,
      notify_on_close: false,
      close: null,
      submit: null,
      ...view.fields,
      id: view.id,
      team_id: this.team.id,
      state: { values: view.values },
      hash: view.hash,
      root_view_id: view.rootId,
      previous_view_id: view.previousId,
      app_id: APP.id,
      app_installed_team_id: this.team.id,
      bot_id: APP.botId,
    };
  }
}

/** The id of the direct conversation between the app and a person. */
export function dmWith(userId: string): string {
  return `D${userId.slice(1)}`;
}
