import type {
  AlternateIdentifier,
  CreateGroupMembershipRequest,
  CreateGroupMembershipResponse,
  DeleteGroupMembershipRequest,
  DescribeGroupRequest,
  DescribeGroupResponse,
  DescribeUserRequest,
  DescribeUserResponse,
  Filter,
  GetGroupIdRequest,
  GetGroupIdResponse,
  GetGroupMembershipIdRequest,
  GetGroupMembershipIdResponse,
  GetUserIdRequest,
  GetUserIdResponse,
  IsMemberInGroupsRequest,
  IsMemberInGroupsResponse,
  ListGroupMembershipsForMemberRequest,
  ListGroupMembershipsForMemberResponse,
  ListGroupMembershipsRequest,
  ListGroupMembershipsResponse,
  ListGroupsRequest,
  ListGroupsResponse,
  ListUsersRequest,
  ListUsersResponse,
  MemberId,
} from '@aws-sdk/client-identitystore';
import type { TrailWriter } from '../trail/trail-writer.ts';
import { AwsError, validationError } from '../wire/aws-error.ts';
import { page } from '../wire/paging.ts';
import type { Call, Operations, Wire } from '../wire/service.ts';
import type { Group, Membership, User, World } from '../world/world.ts';

/** The identity store: users, groups and memberships. Alternate identifiers must match exactly. */
export function identitystore(world: World, newId: () => string, trail: TrailWriter): Operations {
  const store = (id: string) => {
    if (id !== world.identityStoreId) throw notFound('IDENTITY_STORE', id);
  };
  const user = (id: string) =>
    found(
      'USER',
      id,
      world.users.find((candidate) => candidate.id === id),
    );
  const group = (id: string) =>
    found(
      'GROUP',
      id,
      world.groups.find((candidate) => candidate.id === id),
    );
  const membership = (id: string) =>
    found(
      'GROUP_MEMBERSHIP',
      id,
      world.memberships.find((candidate) => candidate.id === id),
    );
  const membershipOf = (groupId: string, userId: string) =>
    world.memberships.find((candidate) => candidate.groupId === groupId && candidate.userId === userId);
  const base = () => ({ IdentityStoreId: world.identityStoreId });

  return {
    GetUserId(input: Wire<GetUserIdRequest>): Wire<GetUserIdResponse> {
      store(input.IdentityStoreId);
      const { path, value } = uniqueAttribute(input.AlternateIdentifier, ['userName', 'emails.value']);
      const match = world.users.find(
        (candidate) => (path === 'userName' ? candidate.userName : candidate.email) === value,
      );
      return { ...base(), UserId: found('USER', path, match).id };
    },
    DescribeUser(input: Wire<DescribeUserRequest>): Wire<DescribeUserResponse> {
      store(input.IdentityStoreId);
      return { ...base(), ...describeUser(user(input.UserId)) };
    },
    ListUsers(input: Wire<ListUsersRequest>): Wire<ListUsersResponse> {
      store(input.IdentityStoreId);
      const value = filterValue(input.Filters, 'UserName');
      const users = world.users.filter(({ userName }) => value === undefined || userName === value);
      const { items, nextToken } = cut(`users ${value}`, users, input);
      return { Users: items.map((item) => ({ ...base(), ...describeUser(item) })), ...next(nextToken) };
    },
    GetGroupId(input: Wire<GetGroupIdRequest>): Wire<GetGroupIdResponse> {
      store(input.IdentityStoreId);
      const { value } = uniqueAttribute(input.AlternateIdentifier, ['displayName']);
      const match = world.groups.find(({ displayName }) => displayName === value);
      return { ...base(), GroupId: found('GROUP', 'displayName', match).id };
    },
    DescribeGroup(input: Wire<DescribeGroupRequest>): Wire<DescribeGroupResponse> {
      store(input.IdentityStoreId);
      return { ...base(), ...describeGroup(group(input.GroupId)) };
    },
    ListGroups(input: Wire<ListGroupsRequest>): Wire<ListGroupsResponse> {
      store(input.IdentityStoreId);
      const value = filterValue(input.Filters, 'DisplayName');
      const groups = world.groups.filter(({ displayName }) => value === undefined || displayName === value);
      const { items, nextToken } = cut(`groups ${value}`, groups, input);
      return { Groups: items.map((item) => ({ ...base(), ...describeGroup(item) })), ...next(nextToken) };
    },
    ListGroupMemberships(input: Wire<ListGroupMembershipsRequest>): Wire<ListGroupMembershipsResponse> {
      store(input.IdentityStoreId);
      const { id } = group(input.GroupId);
      const members = world.memberships.filter(({ groupId }) => groupId === id);
      const { items, nextToken } = cut(`members ${id}`, members, input);
      return {
        GroupMemberships: items.map((item) => ({ ...base(), ...describeMembership(item) })),
        ...next(nextToken),
      };
    },
    ListGroupMembershipsForMember(
      input: Wire<ListGroupMembershipsForMemberRequest>,
    ): Wire<ListGroupMembershipsForMemberResponse> {
      store(input.IdentityStoreId);
      const { id } = user(memberId(input.MemberId));
      const held = world.memberships.filter(({ userId }) => userId === id);
      const { items, nextToken } = cut(`groups of ${id}`, held, input);
      return {
        GroupMemberships: items.map((item) => ({ ...base(), ...describeMembership(item) })),
        ...next(nextToken),
      };
    },
    IsMemberInGroups(input: Wire<IsMemberInGroupsRequest>): Wire<IsMemberInGroupsResponse> {
      store(input.IdentityStoreId);
      if (input.GroupIds.length < 1 || input.GroupIds.length > 100)
        throw validationError('GroupIds must have between 1 and 100 members');
      const { id } = user(memberId(input.MemberId));
      return {
        Results: input.GroupIds.map((groupId) => ({
          GroupId: group(groupId).id,
          MemberId: { UserId: id },
          MembershipExists: membershipOf(groupId, id) !== undefined,
        })),
      };
    },
    GetGroupMembershipId(input: Wire<GetGroupMembershipIdRequest>): Wire<GetGroupMembershipIdResponse> {
      store(input.IdentityStoreId);
      const held = membershipOf(group(input.GroupId).id, user(memberId(input.MemberId)).id);
      return { ...base(), MembershipId: found('GROUP_MEMBERSHIP', input.GroupId, held).id };
    },
    CreateGroupMembership(input: Wire<CreateGroupMembershipRequest>, call: Call): Wire<CreateGroupMembershipResponse> {
      store(input.IdentityStoreId);
      const created = { id: newId(), groupId: group(input.GroupId).id, userId: user(memberId(input.MemberId)).id };
      if (membershipOf(created.groupId, created.userId) !== undefined)
        throw new AwsError('ConflictException', 'Member and Group relationship already exists.', {
          Reason: 'UNIQUENESS_CONSTRAINT_VIOLATION',
        });
      world.memberships.push(created);
      write(call, 'CreateGroupMembership', { groupId: created.groupId, memberId: { userId: created.userId } });
      return { ...base(), MembershipId: created.id };
    },
    DeleteGroupMembership(input: Wire<DeleteGroupMembershipRequest>, call: Call): Record<string, never> {
      store(input.IdentityStoreId);
      const removed = membership(input.MembershipId);
      world.memberships = world.memberships.filter(({ id }) => id !== removed.id);
      // CloudTrail records the request parameters, which are the id alone.
      write(call, 'DeleteGroupMembership', { membershipId: removed.id });
      return {};
    },
  };

  function write(call: Call, eventName: string, asked: Record<string, unknown>): void {
    trail.write(call, {
      eventSource: 'sso-directory.amazonaws.com',
      eventName,
      requestParameters: { identityStoreId: world.identityStoreId, ...asked },
    });
  }
}

function describeUser({ id, userName, displayName, email, status }: User) {
  const [givenName = '', ...rest] = displayName.split(' ');
  return {
    UserId: id,
    UserName: userName,
    DisplayName: displayName,
    Name: { GivenName: givenName, FamilyName: rest.join(' '), Formatted: displayName },
    Emails: [{ Value: email, Type: 'work', Primary: true }],
    UserStatus: status,
  };
}

function describeGroup({ id, displayName, externalIds }: Group) {
  const known = externalIds?.map(({ issuer, id: external }) => ({ Issuer: issuer, Id: external }));
  return { GroupId: id, DisplayName: displayName, ...(known === undefined ? {} : { ExternalIds: known }) };
}

function describeMembership({ id, groupId, userId }: Membership) {
  return { MembershipId: id, GroupId: groupId, MemberId: { UserId: userId } };
}

function memberId(member: Wire<MemberId>): string {
  if (member.UserId === undefined) throw validationError('MemberId must name a user');
  return member.UserId;
}

function uniqueAttribute(identifier: Wire<AlternateIdentifier>, valid: readonly string[]) {
  const { AttributePath: path, AttributeValue: value } = identifier.UniqueAttribute ?? {};
  // Only these attributes have a unique index. External ids exist only where an external directory provisions the
  // store.
  if (path === undefined || !valid.includes(path))
    throw validationError(`AttributePath must be one of ${valid.join(', ')}`);
  if (typeof value !== 'string' || value === '') throw validationError('AttributeValue must be a string');
  return { path, value };
}

function filterValue(filters: Wire<Filter>[] | undefined, path: string): string | undefined {
  if (filters === undefined || filters.length === 0) return undefined;
  const [filter] = filters;
  if (filters.length > 1 || filter?.AttributePath !== path) throw validationError(`The only filter is one by ${path}`);
  return filter.AttributeValue;
}

function found<T>(type: string, id: string, value: T | undefined): T {
  if (value === undefined) throw notFound(type, id);
  return value;
}

function notFound(type: string, id: string): AwsError {
  return new AwsError('ResourceNotFoundException', `${type} not found.`, { ResourceType: type, ResourceId: id });
}

function cut<T>(kind: string, list: readonly T[], input: { MaxResults?: number; NextToken?: string }) {
  return page(kind, list, { size: input.MaxResults, token: input.NextToken, maximum: 100 });
}

function next(nextToken: string | undefined): { NextToken?: string } {
  return nextToken === undefined ? {} : { NextToken: nextToken };
}
