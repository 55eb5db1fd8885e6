/**
 * A message as a channel of the chat shows it: `text` for notifications and screen readers, `blocks` for people. The program carries
 * it from who words it to who sends it, and does not look inside.
 */
export interface ChatMessage {
  readonly text: string;
  readonly blocks: readonly object[];
}
