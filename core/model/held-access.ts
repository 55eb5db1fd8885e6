/** An access of one person, as limits count it: when it began and when it ends or ended. Instants in ISO 8601. */
export interface HeldAccess {
  /** The id of the request that began it. */
  readonly accessId: string;
  readonly startedAt: string;
  readonly endsAt: string;
  /**
   * Until when the votes on that request count (ISO 8601); absent without votes. The hold is kept until then, so that
   * the same votes cannot grant the request a second time.
   */
  readonly votesUntil?: string;
}
