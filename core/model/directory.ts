export interface DirectoryUser {
  readonly id: string;
  readonly userName: string;
  readonly displayName: string;
  readonly email: string;
  readonly enabled: boolean;
}

export interface DirectoryAccount {
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
}

export interface DirectoryPermissionSet {
  readonly arn: string;
  readonly name: string;
  readonly description: string;
  readonly sessionSeconds: number;
}

/** A membership: one user in one group. */
export interface Membership {
  readonly principalId: string;
  readonly groupId: string;
}

/** Users, groups, accounts and permission sets, read live. `undefined`: it does not exist. Failures are thrown. */
export interface Directory {
  user(id: string): Promise<DirectoryUser | undefined>;
  userIdsByEmail(email: string): Promise<readonly string[]>;
  groupIdsOf(userId: string): Promise<readonly string[]>;
  group(id: string): Promise<{ readonly id: string; readonly name: string } | undefined>;
  groupIdByName(name: string): Promise<string | undefined>;
  memberIdsOf(groupId: string): Promise<readonly string[] | undefined>;
  account(id: string): Promise<DirectoryAccount | undefined>;
  /** Ids from the root down to the account's own organizational unit. */
  ouPathOf(accountId: string): Promise<readonly string[]>;
  tagsOf(accountId: string): Promise<Readonly<Record<string, string>>>;
  permissionSet(arn: string): Promise<DirectoryPermissionSet | undefined>;
  /**
   * Those of these memberships that exist only because Glasshammer granted them for a limited time. Absent: none (a
   * directory file).
   */
  givenMemberships?(memberships: readonly Membership[]): Promise<readonly Membership[]>;
}
