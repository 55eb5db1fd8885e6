/** An access that lasts, as it was when somebody asked for more of it. Instants in ISO 8601. */
export interface HeldAccess {
  /** The id of the request that began it. */
  readonly accessId: string;
  readonly startedAt: string;
  readonly endsAt: string;
  /** Until when the votes on that request count, where there were any: that it has had its turn is remembered as long. */
  readonly votesUntil?: string;
}
