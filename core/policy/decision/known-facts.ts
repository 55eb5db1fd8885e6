/**
 * What a decision knows of the world beyond the policies: plain data, looked up live or taken from a directory file. A member
 * that is absent, or a key that is missing, is not known; `null` and empty say that there is no such thing.
 */
export interface Facts {
  readonly permissionSetName?: string | null;
  /** Name of the group asked for. */
  readonly groupName?: string | null;
  /** Organizational units of the account, from the root down to its own. */
  readonly ouPath?: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
  /** Groups in `who`, by name as written, to their id; `null`: no such group, or none the person is in. */
  readonly groupIds: ReadonlyMap<string, string | null>;
  /** Users in `who`, by user name or e-mail as written, to the ids of all users that have it. */
  readonly userIds: ReadonlyMap<string, readonly string[]>;
  /** Approvers as written (`user:…`, `group:…`) to the principal ids they stand for. */
  readonly approvers: ReadonlyMap<string, readonly string[]>;
  /** Of the principals behind an approver as written, those who are it only by a membership that Glasshammer gave. */
  readonly leasedApprovers?: ReadonlyMap<string, ReadonlySet<string>>;
  /** Principals that were looked up; `null`: no such user. Others are taken to be able to vote until they try. */
  readonly users: ReadonlyMap<string, { readonly enabled: boolean; readonly email?: string } | null>;
}

/** Knowing nothing. */
export const NO_FACTS: Facts = { groupIds: new Map(), userIds: new Map(), approvers: new Map(), users: new Map() };

/** What has to be looked up before a question can be decided; the next round of questions may depend on the answers. */
export interface FactsRequest {
  readonly permissionSetArn?: string;
  readonly groupId?: string;
  readonly ouPathOf?: string;
  readonly tagsOf?: string;
  /** Groups in `who`, by name. */
  readonly groupNames: readonly string[];
  /** The groups of the person: where they are fewer than `groupNames`, their names answer the same question in fewer calls. */
  readonly personGroupIds: readonly string[];
  readonly userNames: readonly string[];
  readonly approvers: readonly string[];
  /** Principals whose vote was cast, or whom a record makes one person with them or the requester: whether they exist and are enabled. */
  readonly voters: readonly string[];
  /** The most votes any path asks for: so many enabled approvers are looked for in a group, then no further. */
  readonly votesWanted: number;
  /** What is needed once these facts are known. */
  readonly next: (facts: Facts) => FactsRequest;
}
