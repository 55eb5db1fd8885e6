import type { Fields } from './checks/shape.ts';

/** A workspace to start from. Ids of users, channels and the workspace are Slack's own (`U…`, `C…`, `T…`). */
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
  /** Absent where the app may not read it, as for people of other companies. */
  email?: string | undefined;
  /** IANA zone, e.g. `Europe/Berlin`. */
  tz?: string | undefined;
  /** The workspace the person belongs to; another than ours for Slack Connect. */
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
  /** User ids. The app may write here once its own, `U0GLASS`, is among them. */
  members: string[];
}

/** The app as Slack knows it. */
export const APP = {
  id: 'A0GLASS',
  botId: 'B0GLASS',
  botUserId: 'U0GLASS',
  name: 'Glasshammer',
  /** The token the emulator takes, and no other. */
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
  /** Slack's deprecated verification token; sent as Slack does, to be ignored. */
  verificationToken: 'sandbox-verification-token',
} as const;

/** Who a message is shown as. */
export type Author =
  /** Posted with the app's token; `username` and `icon` where the caller asked for another face. */
  { kind: 'app'; username?: string; icon?: string } | { kind: 'person'; userId: string };

export interface Message {
  channel: string;
  ts: string;
  /** `ts` of the thread's first message, for replies. */
  threadTs: string | null;
  text: string;
  blocks: Fields[];
  attachments: Fields[];
  /** Times it was changed. */
  edits: number;
  /** Is it marked "(edited)"? Slack marks changes of text, not of blocks. */
  markedEdited: boolean;
  author: Author;
}

/** A message only one person sees. Nothing but a response_url can change it. */
export interface Ephemeral {
  user: string;
  channel: string;
  ts: string;
  threadTs: string | null;
  text: string;
  blocks: Fields[];
  attachments: Fields[];
}

/** A modal or an App Home as one person has it open. */
export interface OpenView {
  id: string;
  user: string;
  type: 'modal' | 'home';
  /** As the app gave it, block ids filled in. */
  fields: Fields;
  hash: string;
  rootId: string;
  previousId: string | null;
  /** What the person has entered so far: block id, action id, Slack's value object. */
  values: Record<string, Record<string, Fields>>;
  /** Options an external menu has offered, by `block id/action id`. */
  offered: Record<string, Fields[]>;
}

/** A URL the app may answer an interaction at: five times, for half an hour. */
export interface ResponseUrl {
  id: string;
  user: string;
  channel: string;
  /** The message the interaction came from, for replacing and deleting. */
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
  /** The modal the interaction came from, which a push goes on top of. */
  viewId?: string;
}

/** "This app did not respond": what a person saw go wrong. */
export interface Failure {
  user: string;
  /** What the person did, in words. */
  doing: string;
  /** HTTP status of the app; 0 when there was no answer. */
  status: number;
  /** ISO 8601. */
  at: string;
  problem: string;
}

/** What everybody can see of the workspace, for programs: oldest message first, a person's modals from the bottom up. */
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
  /** The same and more, as a page needs it to show it. */
  screen: Screen;
}

/** The workspace as a page shows it: who is there, and what each of them has before their eyes. */
export interface Screen {
  team: { id: string; name: string };
  app: { id: string; name: string; botUserId: string };
  users: ScreenUser[];
  /** Channels, and the direct conversations in which something was said; `user` names whose. */
  channels: { id: string; name: string; members: string[]; user?: string }[];
  messages: (Omit<Message, 'author'> & { author: ScreenAuthor })[];
  ephemerals: Ephemeral[];
  /** Each person's modals from the bottom up, and their App Homes. `offered`: options an external menu has shown. */
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
  /** What sets this person apart: `guest`, `other company`, `deactivated`, `bot`. */
  notes: string[];
}

export interface ScreenAuthor {
  name: string;
  /** An emoji name in colons, where the sender asked for one. */
  icon?: string;
  userId: string;
  app: boolean;
}
