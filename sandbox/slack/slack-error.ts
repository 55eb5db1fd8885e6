/** The error of a call that Slack answers with `{ ok: false, error }`. */
export class SlackError extends Error {
  override readonly name = 'SlackError';
  /** Slack's error code, e.g. `channel_not_found`. */
  readonly code: string;
  /** The problems and their places, as in Slack's `response_metadata.messages`. */
  readonly details: readonly string[];

  constructor(code: string, details: readonly string[] = []) {
    super(details.length === 0 ? code : `${code}: ${details.join('; ')}`);
    this.code = code;
    this.details = details;
  }

  /** The body of Slack's answer. */
  toJSON(): Record<string, unknown> {
    if (this.details.length === 0) return { ok: false, error: this.code };
    return {
      ok: false,
      error: this.code,
      errors: this.details,
      response_metadata: { messages: this.details.map((detail) => `[ERROR] ${detail}`) },
    };
  }
}
