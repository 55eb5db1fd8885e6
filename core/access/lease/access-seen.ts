/** An access as a caller saw it. An extension, or a request that joins, changes these values. */
export interface AccessSeen {
  /** ISO 8601 */
  readonly endsAt: string;
  /** Ids of the requests that joined it. */
  readonly joins: readonly string[];
}
