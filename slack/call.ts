import type { SlackCaller } from '../core/access/request/identity/identify.ts';

/** A call of Slack in Glasshammer's own types. Ids are claims until they are looked up; empty ids are left out. */
export type SlackCall =
  | LegacyAction
  | BlockAction
  | ViewSubmission
  | ViewClosed
  | BlockSuggestion
  | Shortcut
  | SlashCommand
  | AppHomeOpened
  | UrlVerification
  | SslCheck
  | IgnoredEvent;

/** A call that cannot be parsed: the HTTP status of the answer, and one sentence for the sender. */
export interface BadCall {
  readonly kind: 'bad';
  readonly status: 400 | 413 | 415;
  readonly sentence: string;
}

/** Makes a `BadCall`. */
export function bad(status: BadCall['status'], sentence: string): BadCall {
  return { kind: 'bad', status, sentence };
}

/** The person who made the call, and the ways to answer them. */
interface PersonCall {
  readonly caller: SlackCaller;
  /** Id of the Slack app that the call is for. */
  readonly appId?: string;
  /** An address that takes up to five answers within 30 minutes. */
  readonly responseUrl?: string;
  /** Opens one modal, within three seconds. */
  readonly triggerId?: string;
}

/** The message with the pressed button, or the one that a shortcut was used on. */
export interface CallMessage {
  readonly channel: string;
  readonly ts: string;
  /** Set if the message is a reply in a thread. */
  readonly threadTs?: string;
  /** All text of the message: its text, attachments and blocks, as plain text. Absent if it has none. */
  readonly words?: string;
  readonly link?: string;
}

/** A modal or App Home at the time of a press or submission. */
export interface CallView {
  readonly id: string;
  readonly callbackId: string;
  readonly hash?: string;
  /** Written by Glasshammer itself, but it proves nothing: see `modal-data.ts`. */
  readonly privateMetadata: string;
  /** What was entered, by action id; empty fields are left out. */
  readonly values: Readonly<Record<string, string>>;
  /** The block id of each field, by action id: Slack takes errors by block id. */
  readonly blockIds?: Readonly<Record<string, string>>;
}

/** A button of a legacy attachment (`interactive_message`). */
export interface LegacyAction extends PersonCall {
  readonly kind: 'legacy-action';
  readonly callbackId: string;
  /** The button that was pressed, of all buttons of the message. */
  readonly action: { readonly name: string; readonly value: string };
  readonly channel?: string;
  readonly message?: CallMessage;
  readonly actionTs?: string;
  readonly attachmentId?: string;
}

/** A button or menu of Block Kit (`block_actions`), in a message, a modal or the App Home. */
export interface BlockAction extends PersonCall {
  readonly kind: 'block-action';
  readonly action: { readonly actionId: string; readonly blockId: string; readonly value: string };
  readonly channel?: string;
  readonly message?: CallMessage;
  readonly view?: CallView;
  readonly actionTs?: string;
}

export interface ViewSubmission extends PersonCall {
  readonly kind: 'view-submission';
  readonly view: CallView;
}

export interface ViewClosed extends PersonCall {
  readonly kind: 'view-closed';
  readonly view: CallView;
}

/** A request for the options of an external select, sent while a person types. */
export interface BlockSuggestion extends PersonCall {
  readonly kind: 'block-suggestion';
  readonly actionId: string;
  readonly query: string;
  readonly view?: CallView;
}

/** A use of the global shortcut, or of the one in a message's menu. */
export interface Shortcut extends PersonCall {
  readonly kind: 'shortcut';
  readonly callbackId: string;
  readonly message?: CallMessage;
}

export interface SlashCommand extends PersonCall {
  readonly kind: 'slash-command';
  readonly command: string;
  readonly text: string;
  readonly channel?: string;
}

export interface AppHomeOpened extends PersonCall {
  readonly kind: 'app-home-opened';
  readonly tab: string;
}

/** Slack's check that the events address belongs to the app. The answer is the challenge as plain text. */
export interface UrlVerification {
  readonly kind: 'url-verification';
  readonly challenge: string;
}

/** Slack's check of the certificate of the commands address. The answer is an empty 200. */
export interface SslCheck {
  readonly kind: 'ssl-check';
}

/** An event that needs no action. The answer is an empty 200; otherwise Slack would send it again. */
export interface IgnoredEvent {
  readonly kind: 'ignored-event';
  readonly eventType: string;
}
