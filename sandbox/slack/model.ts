import type { Fields } from './checks/shape.ts';

/**
 * The initial state of a workspace. Ids of users, channels and the workspace have Slack's format (`U…`, `C…`, `T…`).
 */
export interface SlackSeed {
  workspace: { id: string; name?: string | undefined; domain?: string | undefined };
  users: SlackUser[];
  channels: SlackChannel[];
}

export interface SlackUser {
  id: string;
  /** Handle, without the at sign. */
  name: string;
  real_name: string;
  /** Absent where the app may not read it, as for users of other companies. */
  email?: string | undefined;
  /** IANA zone, e.g. `Europe/Berlin`. */
  tz?: string | undefined;
  /** The person's workspace; with Slack Connect it may be another one than the seed's. */
  team_id?: string | undefined;
  is_bot?: boolean | undefined;
  deleted?: boolean | undefined;
  is_restricted?: boolean | undefined;
  is_ultra_restricted?: boolean | undefined;
  is_stranger?: boolean | undefined;
}

export interface SlackChannel {
  id: string;
  /** Without the number sign. */
  name: string;
  /** User ids. The app may post here only if its own id, `U0GLASS`, is among them. */
  members: string[];
}

/** The app as Slack knows it. */
export const APP = {
  id: 'A0GLASS',
  botId: 'B0GLASS',
  botUserId: 'U0GLASS',
  name: 'Glasshammer',
  /** The only token the emulator accepts. */
  botToken: 'xoxb-sandbox',
  /** The scopes it was installed with. */
  scopes: [
    'chat:write',
    'commands',
    'users:read',
    'users:read.email',
    'im:write',
    'channels:read',
    'groups:read',
  ] as readonly string[],
  /** Slack's deprecated verification token. It is sent as Slack sends it; the app ignores it. */
  verificationToken: 'sandbox-verification-token',
} as const;

/** The displayed author of a message. */
export type Author =
  /** Posted with the app's token. `username` and `icon` are set where the caller asked for another name and icon. */
  { kind: 'app'; username?: string; icon?: string } | { kind: 'person'; userId: string };

export interface Message {
  channel: string;
  ts: string;
  /** For replies, the `ts` of the thread's first message. */
  threadTs: string | null;
  text: string;
  blocks: Fields[];
  attachments: Fields[];
  /** How often it was changed. */
  edits: number;
  /** Does Slack show "(edited)"? It does after changes of the text, and not after changes of blocks. */
  markedEdited: boolean;
  author: Author;
}

/** A message that only one person sees. It can only be changed through a response_url. */
export interface Ephemeral {
  user: string;
  channel: string;
  ts: string;
  threadTs: string | null;
  text: string;
  blocks: Fields[];
  attachments: Fields[];
}

/** A modal or App Home that one person has open. */
export interface OpenView {
  id: string;
  user: string;
  type: 'modal' | 'home';
  /** The view as the app sent it, with block ids filled in. */
  fields: Fields;
  hash: string;
  rootId: string;
  previousId: string | null;
  /** The values entered so far: block id, action id, Slack's value object. */
  values: Record<string, Record<string, Fields>>;
  /** Options that an external menu has offered, by `block id/action id`. */
  offered: Record<string, Fields[]>;
}

/** A URL to which the app may post answers to an interaction: five times within half an hour. */
export interface ResponseUrl {
  id: string;
  user: string;
  channel: string;
  /** The message the interaction came from, which an answer may replace or delete. */
  source?: { kind: 'message' | 'ephemeral'; ts: string };
  threadTs: string | null;
  uses: number;
  expiresAtMs: number;
}

export interface Trigger {
  id: string;
  user: string;
  expiresAtMs: number;
  exchanged: boolean;
  /** The modal the interaction came from. views.push puts the new modal on top of it. */
  viewId?: string;
}

/** A failure that a person saw, such as "This app did not respond". */
export interface Failure {
  user: string;
  /** What the person did, in words. */
  doing: string;
  /** The HTTP status of the app's answer; 0 when there was no answer. */
  status: number;
  /** ISO 8601. */
  at: string;
  problem: string;
}

/**
 * The visible state of the workspace, for tests and scripts: the oldest message first, a person's modals from the
 * bottom up.
 */
export interface SlackSnapshot {
  messages: {
    channel: string;
    ts: string;
    threadTs: string | null;
    text: string;
    blocks: Fields[];
    attachments: Fields[];
    edits: number;
  }[];
  ephemerals: { user: string; channel: string; text: string }[];
  views: { user: string; type: 'modal' | 'home'; view: Fields }[];
  /** The workspace with more detail, for the sandbox's page. */
  screen: Screen;
}

/** The workspace for the sandbox's page: its people, and what each of them sees. */
export interface Screen {
  team: { id: string; name: string };
  app: { id: string; name: string; botUserId: string };
  users: ScreenUser[];
  /** Channels, and the direct conversations that have messages; for those `user` is the person. */
  channels: { id: string; name: string; members: string[]; user?: string }[];
  messages: (Omit<Message, 'author'> & { author: ScreenAuthor })[];
  ephemerals: Ephemeral[];
  /**
   * Each person's modals from the bottom up, and their App Homes. `offered`: the options that external menus have
   * shown.
   */
  views: {
    id: string;
    user: string;
    type: 'modal' | 'home';
    hash: string;
    view: Fields;
    offered: Record<string, Fields[]>;
  }[];
  failures: Failure[];
}

export interface ScreenUser {
  id: string;
  name: string;
  realName: string;
  /** IANA zone. */
  tz: string;
  /** Differences from an ordinary member: `guest`, `other company`, `deactivated`, `bot`. */
  notes: string[];
}

export interface ScreenAuthor {
  name: string;
  /** An emoji name in colons, if the sender gave one. */
  icon?: string;
  userId: string;
  app: boolean;
}
