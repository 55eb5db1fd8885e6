import type { SlackCaller } from '../core/access/request/identity/identify.ts';

/** What came from Slack, in the words of this program. Ids are claims until they are looked up; empty ones are absent. */
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

/** A call that cannot be understood, with the status it is answered with and one sentence for whoever sent it. */
export interface BadCall {
  readonly kind: 'bad';
  readonly status: 400 | 413 | 415;
  readonly sentence: string;
}

/** A refusal of the call as such. */
export function bad(status: BadCall['status'], sentence: string): BadCall {
  return { kind: 'bad', status, sentence };
}

/** Who sent it, by which way the app answers. */
interface PersonCall {
  readonly caller: SlackCaller;
  /** Id of the Slack app the call is for. */
  readonly appId?: string;
  /** Address that takes up to five answers within 30 minutes. */
  readonly responseUrl?: string;
  /** Opens one modal within three seconds. */
  readonly triggerId?: string;
}

/** The message that carried what was pressed. */
export interface CallMessage {
  readonly channel: string;
  readonly ts: string;
  /** Set when the message is itself a reply. */
  readonly threadTs?: string;
  /** Everything it says, in text, attachments and blocks; plain text. Empty where it says nothing. */
  readonly words?: string;
  readonly link?: string;
}

/** A modal or home, as it is when something in it is pressed or sent. */
export interface CallView {
  readonly id: string;
  readonly callbackId: string;
  readonly hash?: string;
  /** As our own app wrote it, which proves nothing: see `modal-data.ts`. */
  readonly privateMetadata: string;
  /** What was filled in, by action id; fields left empty are absent. */
  readonly values: Readonly<Record<string, string>>;
  /** The block each field is in, by action id: errors are told by block. */
  readonly blockIds?: Readonly<Record<string, string>>;
}

/** A button of a legacy attachment (`interactive_message`). */
export interface LegacyAction extends PersonCall {
  readonly kind: 'legacy-action';
  readonly callbackId: string;
  /** The button that was pressed, whatever other buttons the message has. */
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

/** Slack asks for the options of an external select while a person types. */
export interface BlockSuggestion extends PersonCall {
  readonly kind: 'block-suggestion';
  readonly actionId: string;
  readonly query: string;
  readonly view?: CallView;
}

/** The global shortcut, or the one in a message's menu. */
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

/** Slack checks that the events address is ours: answer with the challenge as plain text. */
export interface UrlVerification {
  readonly kind: 'url-verification';
  readonly challenge: string;
}

/** Slack checks the certificate of the commands address: answer with an empty 200. */
export interface SslCheck {
  readonly kind: 'ssl-check';
}

/** An event nothing is done about: answer with an empty 200, or Slack sends it again. */
export interface IgnoredEvent {
  readonly kind: 'ignored-event';
  readonly eventType: string;
}
