import * as z from 'zod/mini';
import type { Actor, AssignmentChange } from '../../core/drift/types.ts';
import { ACCOUNT_ID, type Assignment } from '../../core/model/target.ts';

const text = z.string();
const optionalText = z.optional(z.nullable(text));

/**
 * The fields of EventBridge's "AWS API Call via CloudTrail" that are read.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
const trailEvent = z.object({
  'detail-type': z.literal('AWS API Call via CloudTrail'),
  detail: z.object({
    eventID: text,
    eventName: text,
    eventSource: text,
    eventTime: z.iso.datetime(),
    errorCode: optionalText,
    userIdentity: z.object({
      type: optionalText,
      arn: optionalText,
      principalId: optionalText,
      accountId: optionalText,
      userName: optionalText,
      invokedBy: optionalText,
      sessionContext: z.optional(
        z.nullable(z.object({ sessionIssuer: z.optional(z.nullable(z.object({ arn: optionalText }))) })),
      ),
      onBehalfOf: z.optional(z.nullable(z.object({ userId: optionalText }))),
    }),
    requestParameters: z.optional(z.nullable(z.record(z.string(), z.unknown()))),
    responseElements: z.optional(z.nullable(z.record(z.string(), z.unknown()))),
  }),
});

type Detail = z.infer<typeof trailEvent>['detail'];

/** The calls that make and remove assignments and memberships. The AWS console has its own calls for memberships. */
const KINDS: Readonly<Record<string, { readonly kind: AssignmentChange['kind']; readonly of: 'account' | 'group' }>> = {
  CreateAccountAssignment: { kind: 'made', of: 'account' },
  DeleteAccountAssignment: { kind: 'removed', of: 'account' },
  CreateGroupMembership: { kind: 'made', of: 'group' },
  AddMemberToGroup: { kind: 'made', of: 'group' },
  DeleteGroupMembership: { kind: 'removed', of: 'group' },
  RemoveMemberFromGroup: { kind: 'removed', of: 'group' },
};

/** The watched Identity Center instance, and the roles of Glasshammer's functions that change assignments. */
export interface Watched {
  readonly instanceArn: string;
  readonly identityStoreId: string;
  /** ARNs of IAM roles. */
  readonly ownRoles: readonly string[];
}

/** The account that an event comes from, by EventBridge's envelope; `undefined` if it has none. */
export function recordingAccount(event: unknown): string | undefined {
  const { account } = (event ?? {}) as { readonly account?: unknown };
  return typeof account === 'string' && ACCOUNT_ID.test(account) ? account : undefined;
}

/**
 * Reads one event.
 *
 * @returns `undefined` for a call that failed, is about another instance, or changes no assignment or membership
 * @throws ZodError for an event that is no CloudTrail record: a mistake in the rule
 */
export function readTrailEvent(event: unknown, watched: Watched): AssignmentChange | undefined {
  const { detail } = z.parse(trailEvent, event);
  const call = KINDS[detail.eventName];
  if (call === undefined || (detail.errorCode ?? '') !== '') return undefined;
  const subject = call.of === 'account' ? accountSubject(detail, watched) : groupSubject(detail, watched);
  if (subject === undefined) return undefined;
  return {
    kind: call.kind,
    eventId: detail.eventID,
    // CloudTrail writes whole seconds, the program milliseconds: as texts, only one form can be compared.
    at: new Date(detail.eventTime).toISOString(),
    by: actorOf(detail),
    caller: callerOf(detail, watched),
    ...operationOf(detail),
    ...subject,
  };
}

function callerOf(detail: Detail, { ownRoles }: Watched): AssignmentChange['caller'] {
  const role = roleArnOf(detail);
  if (role === undefined) return 'other';
  if (ownRoles.includes(role)) return 'ours';
  const [, account, name = ''] = IAM_ROLE.exec(role) ?? [];
  const isHere = ownRoles.some((own) => IAM_ROLE.exec(own)?.[1] === account);
  return isHere && !name.startsWith('AWSReservedSSO_') ? 'unknown' : 'other';
}

const IAM_ROLE = /^arn:[^:]+:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/;

/** The operation's id in the answer to the call. Glasshammer stores the id of every creation that it asks for. */
function operationOf({ responseElements }: Detail): Pick<AssignmentChange, 'operationId'> {
  const answered = z.safeParse(
    z.object({ accountAssignmentCreationStatus: z.object({ requestId: text }) }),
    responseElements,
  );
  return answered.success ? { operationId: answered.data.accountAssignmentCreationStatus.requestId } : {};
}

/** Whether this is the schedule's event, which carries no call. */
export function isSchedule(event: unknown): boolean {
  return z.safeParse(z.object({ checkProvisioned: z.literal(true) }), event).success;
}

type Subject = Pick<AssignmentChange, 'assignment' | 'principalType'>;

function accountSubject({ requestParameters }: Detail, { instanceArn }: Watched): Subject | undefined {
  const asked = z.safeParse(
    z.object({
      instanceArn: z.literal(instanceArn),
      targetId: text,
      targetType: z.literal('AWS_ACCOUNT'),
      permissionSetArn: text,
      principalType: z.enum(['USER', 'GROUP']),
      principalId: text,
    }),
    requestParameters,
  );
  if (!asked.success) return undefined;
  const { targetId: accountId, permissionSetArn, principalType, principalId } = asked.data;
  return { assignment: { principalId, target: { accountId, permissionSetArn } }, principalType };
}

/**
 * The membership that a call changes. The call `DeleteGroupMembership` names it by its own id only, so group and person
 * stay unknown.
 */
function groupSubject({ requestParameters }: Detail, { identityStoreId }: Watched): Subject | undefined {
  const asked = z.safeParse(
    z.object({
      // The console's calls do not name the store; its account has only one.
      identityStoreId: z.optional(z.literal(identityStoreId)),
      groupId: z.optional(text),
      memberId: z.optional(z.union([text, z.object({ userId: z.optional(text) })])),
      // The form in the console's calls.
      member: z.optional(z.nullable(z.object({ memberId: z.optional(text) }))),
    }),
    requestParameters,
  );
  if (!asked.success) return undefined;
  const { groupId, memberId, member } = asked.data;
  const principalId = (typeof memberId === 'string' ? memberId : memberId?.userId) ?? member?.memberId;
  const assignment: Assignment | undefined =
    groupId === undefined || principalId === undefined ? undefined : { principalId, target: { groupId } };
  return { principalType: 'USER', ...(assignment === undefined ? {} : { assignment }) };
}

const ASSUMED_ROLE = /^arn:([^:]+):sts::(\d{12}):assumed-role\/([^/]+)\/(.+)$/;

/** The role behind a call. The ARN of a session has no role path, so the ARN of the session's issuer is preferred. */
function roleArnOf({ userIdentity }: Detail): string | undefined {
  const issuer = userIdentity.sessionContext?.sessionIssuer?.arn;
  if (issuer) return issuer;
  const [, partition, account, role] = ASSUMED_ROLE.exec(userIdentity.arn ?? '') ?? [];
  return role === undefined ? undefined : `arn:${partition}:iam::${account}:role/${role}`;
}

function actorOf({ userIdentity }: Detail): Actor {
  const { type, arn, principalId, accountId, userName, invokedBy, onBehalfOf } = userIdentity;
  const id = arn || onBehalfOf?.userId || principalId || invokedBy || 'unknown';
  const [, , account, role, session] = ASSUMED_ROLE.exec(arn ?? '') ?? [];
  if (role !== undefined) return { id, name: `${session} (role ${role} in ${account})` };
  if (type === 'Root') return { id, name: `the root user of ${accountId ?? 'an unknown account'}` };
  if (type === 'IAMUser' && userName)
    return { id, name: `IAM user ${userName} of ${accountId ?? 'an unknown account'}` };
  return { id, name: invokedBy || userName || id };
}
