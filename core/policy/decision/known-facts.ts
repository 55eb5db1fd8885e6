/**
 * What a decision knows besides the policies: plain data, read live or from a directory file. An absent member or a
 * missing key means "not known"; `null` and empty mean that the thing does not exist.
 */
export interface Facts {
  readonly permissionSetName?: string | null;
  /** Name of the requested group. */
  readonly groupName?: string | null;
  /** Organizational units of the account, from the root down to its own. */
  readonly ouPath?: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
  /** Groups in `who`: name as written, to id; `null`: no such group, or none that the person is in. */
  readonly groupIds: ReadonlyMap<string, string | null>;
  /** Users in `who`: user name or e-mail as written, to the ids of all users that have it. */
  readonly userIds: ReadonlyMap<string, readonly string[]>;
  /** Approvers as written (`user:…`, `group:…`), to the principal ids they stand for. */
  readonly approvers: ReadonlyMap<string, readonly string[]>;
  /** Of the principals of an approver as written: those who belong to it only by a membership that was granted. */
  readonly leasedApprovers?: ReadonlyMap<string, ReadonlySet<string>>;
  /** Principals that were looked up; `null`: no such user. Others are assumed to be able to vote until they do. */
  readonly users: ReadonlyMap<string, { readonly enabled: boolean; readonly email?: string } | null>;
}

/** No facts at all. */
export const NO_FACTS: Facts = { groupIds: new Map(), userIds: new Map(), approvers: new Map(), users: new Map() };

/** What has to be looked up for a decision. The answers may lead to another round of look-ups. */
export interface FactsRequest {
  readonly permissionSetArn?: string;
  readonly groupId?: string;
  readonly ouPathOf?: string;
  readonly tagsOf?: string;
  /** Groups in `who`, by name. */
  readonly groupNames: readonly string[];
  /** The groups of the person. Where they are fewer than `groupNames`, looking up their names takes fewer calls. */
  readonly personGroupIds: readonly string[];
  readonly userNames: readonly string[];
  readonly approvers: readonly string[];
  /**
   * Users to look up (do they exist, are they enabled, what is their e-mail): voters, and users that a record links to
   * a voter or the requester.
   */
  readonly voters: readonly string[];
  /** The most votes of any path. Members of approver groups are looked up until so many are known to be enabled. */
  readonly votesWanted: number;
  /** What is still needed once these facts are known. */
  readonly next: (facts: Facts) => FactsRequest;
}
