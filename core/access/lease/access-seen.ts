/** An access as somebody saw it: whatever prolongs it, or begins to count on it, makes it another. */
export interface AccessSeen {
  /** ISO 8601 */
  readonly endsAt: string;
  /** Ids of the requests that joined it. */
  readonly joins: readonly string[];
}
