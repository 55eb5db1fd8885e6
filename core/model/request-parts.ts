/** An approver who is looking at a request. `at` in ISO 8601. */
export interface Claim {
  readonly principalId: string;
  readonly slackId: string;
  readonly at: string;
}

/**
 * What the grant learnt; needed to check, end and report the access. It is written before the assignment is created, so
 * that an assignment that Glasshammer made is removed even if the lease item is lost or altered.
 */
export interface GrantRecord {
  /**
   * Identity Center's id of the running creation, for polling. Absent for groups: a membership is created
   * synchronously.
   */
  readonly operationId?: string;
  /** ISO 8601; when the assignment was asked for. */
  readonly askedAt: string;
  /** The assignment existed before: Glasshammer created nothing and will remove nothing. */
  readonly standing: boolean;
}

/** Task tokens of the workflow's waiting states. They never leave AWS. */
export interface TaskTokens {
  readonly approval?: string;
  readonly hold?: string;
}

/**
 * What the requests for the same permission set in several accounts, asked at once by one person, have in common. Only
 * for display: it decides nothing.
 */
export interface SharedAsk {
  /**
   * Equal for the requests of one ask. The requester's client chooses it, so an equal id does not prove that two
   * requests belong together.
   */
  readonly id: string;
  /** How many requests were made at once, including refused ones. */
  readonly size: number;
}
