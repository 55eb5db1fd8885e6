/** An approver who is looking at a request. `at` in ISO 8601. */
export interface Claim {
  readonly principalId: string;
  readonly slackId: string;
  readonly at: string;
}

/**
 * What the grant learned, needed to check, to end and to report. Written before the assignment is asked for: the lease item may be
 * lost or altered, and what the request itself knows to be ours is removed all the same.
 */
export interface GrantRecord {
  /** Identity Center's id of the creation, to poll. Absent for groups, whose membership is created at once. */
  readonly operationId?: string;
  /** ISO 8601; when the assignment was asked for. */
  readonly askedAt: string;
  /** The assignment was there before us: nothing was created and nothing will be removed. */
  readonly standing: boolean;
}

/** Task tokens of the workflow's waiting states. They never leave AWS. */
export interface TaskTokens {
  readonly approval?: string;
  readonly hold?: string;
}

/** Several requests for the same in several accounts, asked at once by one person: for people to see them together. It decides nothing. */
export interface SharedAsk {
  /** Equal for the requests of one ask; chosen by whoever asked, and nobody else's by what it says. */
  readonly id: string;
  /** How many were asked for at once, refused ones too. */
  readonly size: number;
}
