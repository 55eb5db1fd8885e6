/**
 * A chat message: `text` for notifications and screen readers, `blocks` for display. `slack/` writes it and a gateway
 * sends it; `core/` passes it on without reading it.
 */
export interface ChatMessage {
  readonly text: string;
  readonly blocks: readonly object[];
}
