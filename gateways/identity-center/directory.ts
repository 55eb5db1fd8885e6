import {
  DescribeGroupCommand,
  DescribeUserCommand,
  GetGroupIdCommand,
  GetUserIdCommand,
  type IdentitystoreClient,
  ValidationException as MalformedForIdentityStore,
  ResourceNotFoundException as NotInIdentityStore,
  paginateListGroupMemberships,
  paginateListGroupMembershipsForMember,
} from '@aws-sdk/client-identitystore';
import {
  AccountNotFoundException,
  ChildNotFoundException,
  DescribeAccountCommand,
  ListParentsCommand,
  type OrganizationsClient,
  paginateListTagsForResource,
} from '@aws-sdk/client-organizations';
import {
  DescribePermissionSetCommand,
  ResourceNotFoundException,
  type SSOAdminClient,
} from '@aws-sdk/client-sso-admin';
import type { Directory } from '../../core/model/directory.ts';
import { sessionSeconds } from './session-seconds.ts';

/** Users, groups, accounts and permission sets, read live on every call; nothing is cached. */
export function createDirectory(options: {
  readonly sso: SSOAdminClient;
  readonly identityStore: IdentitystoreClient;
  readonly organizations: OrganizationsClient;
  readonly instanceArn: string;
  readonly identityStoreId: string;
}): Directory {
  const { sso, identityStore, organizations, instanceArn, identityStoreId: IdentityStoreId } = options;

  /** GetUserId takes `userName` and `emails.value` only; it returns one match or throws ResourceNotFoundException. */
  const userIdBy = (AttributePath: 'userName' | 'emails.value', AttributeValue: string) =>
    absentAsUndefined(async () => {
      const answer = await identityStore.send(
        new GetUserIdCommand({
          IdentityStoreId,
          AlternateIdentifier: { UniqueAttribute: { AttributePath, AttributeValue } },
        }),
      );
      return answer.UserId;
    });

  return {
    user: (id) =>
      absentAsUndefined(async () => {
        const user = await identityStore.send(new DescribeUserCommand({ IdentityStoreId, UserId: id }));
        return {
          id,
          userName: user.UserName ?? '',
          displayName: user.DisplayName ?? user.UserName ?? '',
          email: user.Emails?.find((email) => email.Primary === true)?.Value ?? user.Emails?.[0]?.Value ?? '',
          // Older records have no status at all; only an explicit DISABLED disables a user.
          enabled: user.UserStatus !== 'DISABLED',
        };
      }),

    /**
     * By e-mail and, because many directories use the e-mail as user name, by user name. Two answers are two
     * identities.
     */
    async userIdsByEmail(email) {
      // Identity Center compares letter by letter; people and Slack do not. Most directories keep addresses in lower
      // case.
      const spellings = [...new Set([email, email.toLowerCase()])];
      const found = await Promise.all(
        spellings.flatMap((spelling) => [userIdBy('emails.value', spelling), userIdBy('userName', spelling)]),
      );
      return [...new Set(found.filter((id) => id !== undefined))];
    },

    async groupIdsOf(userId) {
      const ids: string[] = [];
      const pages = paginateListGroupMembershipsForMember(
        { client: identityStore, pageSize: 100 },
        { IdentityStoreId, MemberId: { UserId: userId } },
      );
      for await (const page of pages) {
        for (const membership of page.GroupMemberships ?? []) if (membership.GroupId) ids.push(membership.GroupId);
      }
      return ids;
    },

    group: (id) =>
      absentAsUndefined(async () => {
        const group = await identityStore.send(new DescribeGroupCommand({ IdentityStoreId, GroupId: id }));
        return { id, name: group.DisplayName ?? id };
      }),

    groupIdByName: (name) =>
      absentAsUndefined(async () => {
        const answer = await identityStore.send(
          new GetGroupIdCommand({
            IdentityStoreId,
            AlternateIdentifier: { UniqueAttribute: { AttributePath: 'displayName', AttributeValue: name } },
          }),
        );
        return answer.GroupId;
      }),

    memberIdsOf: (groupId) =>
      absentAsUndefined(async () => {
        const ids: string[] = [];
        const pages = paginateListGroupMemberships(
          { client: identityStore, pageSize: 100 },
          { IdentityStoreId, GroupId: groupId },
        );
        for await (const page of pages) {
          for (const membership of page.GroupMemberships ?? []) {
            if (membership.MemberId?.UserId) ids.push(membership.MemberId.UserId);
          }
        }
        return ids;
      }),

    account: (id) =>
      absentAsUndefined(async () => {
        const { Account } = await organizations.send(new DescribeAccountCommand({ AccountId: id }));
        return { id, name: Account?.Name ?? id, active: (Account?.State ?? Account?.Status) === 'ACTIVE' };
      }),

    async ouPathOf(accountId) {
      const path: string[] = [];
      let child = accountId;
      for (;;) {
        const { Parents } = await organizations.send(new ListParentsCommand({ ChildId: child }));
        const parent = Parents?.[0];
        if (parent?.Id === undefined) return path;
        path.unshift(parent.Id);
        if (parent.Type === 'ROOT') return path;
        child = parent.Id;
      }
    },

    async tagsOf(accountId) {
      const tags: Record<string, string> = {};
      const pages = paginateListTagsForResource({ client: organizations }, { ResourceId: accountId });
      for await (const page of pages) for (const tag of page.Tags ?? []) if (tag.Key) tags[tag.Key] = tag.Value ?? '';
      return tags;
    },

    permissionSet: (arn) =>
      absentAsUndefined(async () => {
        const answer = await sso.send(
          new DescribePermissionSetCommand({ InstanceArn: instanceArn, PermissionSetArn: arn }),
        );
        const set = answer.PermissionSet;
        return {
          arn,
          name: set?.Name ?? arn,
          description: set?.Description ?? '',
          sessionSeconds: sessionSeconds(set?.SessionDuration),
        };
      }),
  };
}

/**
 * Returns `undefined` if AWS says that there is no such thing; any other error passes. A key problem (`Reason: KMS_…`)
 * is not an absence.
 */
async function absentAsUndefined<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    const absent =
      error instanceof AccountNotFoundException ||
      error instanceof ChildNotFoundException ||
      // The answer for an id that is not shaped like one, such as a name in a policy whose owner is gone.
      error instanceof MalformedForIdentityStore ||
      ((error instanceof NotInIdentityStore || error instanceof ResourceNotFoundException) &&
        !String(error.Reason ?? '').startsWith('KMS_'));
    if (absent) return undefined;
    throw error;
  }
}
