import * as z from 'zod/mini';
import { ALL_STATES } from '../../../core/model/life-cycle.ts';
import { REFUSAL_REASONS } from '../../../core/model/refusal.ts';

/*
 * The bodies and answers of the API. The OpenAPI document is generated from these schemas, so each has a description.
 * Answers only grow: fields are added, never removed, and a client ignores fields that it does not know.
 */

/** The longest text that is taken, in characters: Slack's limit for a text field. Forms in Slack take 1,000. */
const LONGEST_TEXT = 3_000;

/** A schema with a description, which appears in the OpenAPI document. */
export const described = <T extends z.ZodMiniType>(schema: T, description: string): T =>
  schema.check(z.describe(description));

const text = (description: string) => described(z.string().check(z.maxLength(LONGEST_TEXT)), description);
const given = (description: string) =>
  described(z.string().check(z.trim(), z.minLength(1), z.maxLength(LONGEST_TEXT)), description);
const id = (description: string) => described(z.string().check(z.minLength(1), z.maxLength(256)), description);

/** An instant in an answer. */
export const instant = (description: string) => described(z.string(), `${description}; ISO 8601, UTC`);
/** The value, or `null`. */
export const maybe = <T extends z.ZodMiniType>(schema: T) => z.nullable(schema);

const duration = described(
  z.string().check(z.minLength(1), z.maxLength(40)),
  'A length of time: ISO 8601 (PT1H), or a number and a unit (1h, 30m, 1h30m)',
);

const start = described(
  z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/)),
  'When access is to begin: ISO 8601 with a time zone; if absent, now',
);

/** A target: either an account with a permission set, or a group. */
const wanted = {
  accountId: z.optional(id('Id of the account')),
  permissionSet: z.optional(id('Name or ARN of the permission set; required with an account')),
  group: z.optional(id('Name or id of a group, instead of an account and a permission set')),
};

export const askSchema = z.strictObject({
  ...wanted,
  duration: z.optional(duration),
  startsAt: z.optional(start),
  reason: z.prefault(text('Why access is needed'), ''),
  ticket: z.prefault(text('The ticket, if a policy requires one'), ''),
  ask: z.optional(
    described(
      z.strictObject({
        id: described(z.string().check(z.regex(/^[\w-]{1,64}$/)), 'Shared by its requests, and new for each ask'),
        size: described(z.number().check(z.int(), z.minimum(2), z.maximum(50)), 'How many requests the ask has'),
      }),
      'Links requests for the same access in several accounts; approvers see them together',
    ),
  ),
  confirmBreakGlass: z.prefault(
    described(z.boolean(), 'The person was told that this is break-glass access, and confirms it'),
    false,
  ),
});

export const evaluateSchema = z.strictObject({
  ...wanted,
  extends: z.optional(id('Id of the request whose access would be extended, instead of a target')),
  duration: z.optional(duration),
  startsAt: z.optional(start),
  reason: z.optional(text('Why access is needed; absent while the person has not written it yet')),
  ticket: z.optional(text('The ticket; absent while the person has not written it yet')),
});

export const voteSchema = z.strictObject({
  vote: described(z.enum(['approve', 'deny']), 'The decision'),
  duration: z.optional(described(duration, 'Approve for a shorter time than was asked for')),
  note: z.optional(given('A note to the requester; required to deny')),
});

export const endSchema = z.strictObject({
  note: z.optional(given("Why it ends; required to end another person's access")),
  seen: z.optional(
    described(
      z.strictObject({
        endsAt: described(z.string().check(z.maxLength(40)), 'endsAt of the access in that answer'),
        joins: described(
          z.array(z.string().check(z.maxLength(64))).check(z.maxLength(1_000)),
          'joins of the access in that answer',
        ),
      }),
      'End the access only if it is unchanged since an earlier answer; if it was extended or joined, 409 access-changed',
    ),
  ),
});

export const extendSchema = z.strictObject({
  duration,
  reason: z.prefault(text('Why access is needed'), ''),
  ticket: z.prefault(text('The ticket, if a policy requires one'), ''),
  confirmBreakGlass: z.prefault(
    described(
      z.boolean(),
      'The person was told that this is break-glass access, and confirms it; not needed if the access is break-glass',
    ),
    false,
  ),
});

export const reviewSchema = z.strictObject({
  status: described(z.enum(['acknowledged', 'questioned']), 'What was done is in order, or the note asks about it'),
  note: z.optional(given('A remark, or the question; required for questioned')),
});

export const answerSchema = z.strictObject({ answer: given("The answer to the reviewer's question") });

const why = given('Why; the people it concerns are told');
const userWord = id('Id, user name or e-mail of the person');

export const evaluateForSchema = z.extend(evaluateSchema, { userId: userWord });

export const freezeSchema = z.strictObject({ reason: why });
export const thawSchema = z.strictObject({ reason: z.prefault(text('Why, for the audit'), '') });
export const lockSchema = z.strictObject({ user: userWord, reason: why });
export const unlockSchema = z.strictObject({ user: userWord, reason: z.prefault(text('Why, for the audit'), '') });

/** Names exactly one selection of requests to end. */
export const revokeSchema = z.strictObject({
  requestId: z.optional(id('This request, and the whole access that it is part of')),
  user: z.optional(userWord),
  accountId: z.optional(id('All requests for this account')),
  all: z.optional(described(z.literal(true), 'All requests')),
  reason: why,
});

/** The body of an operation that needs none: absent, or an empty object. */
export const emptySchema = z.strictObject({});

export const personSchema = z.object({
  userId: described(z.string(), 'Id of the Identity Center user'),
  userName: described(z.string(), 'The name the person signs in with'),
  displayName: z.string(),
});

export const whoamiSchema = z.object({
  userId: described(z.string(), 'The user id that every path for this person contains'),
  userName: z.string(),
  portalUrl: described(z.string(), 'Address of the AWS access portal'),
});

const namedSchema = z.object({ id: z.string(), name: z.string() });

export const targetsSchema = z.object({
  accounts: z.array(namedSchema),
  groups: z.array(namedSchema),
});

export const permissionSetsSchema = z.object({
  permissionSets: z.array(z.object({ name: z.string(), arn: z.string() })),
});

export const refusalSchema = z.object({
  reason: described(z.enum(REFUSAL_REASONS), 'A stable code for programs'),
  sentence: described(z.string(), 'A sentence for people'),
  detail: z.optional(described(z.string(), 'The name, id or limit that the sentence is about')),
});

export const targetSchema = z.object({
  accountId: z.optional(z.string()),
  accountName: z.optional(z.string()),
  permissionSet: z.optional(z.string()),
  permissionSetArn: z.optional(z.string()),
  groupId: z.optional(z.string()),
  groupName: z.optional(z.string()),
});

export const requestSchema = z.object({
  id: z.string(),
  state: described(z.string(), `The state of the request: ${ALL_STATES.join(', ')}`),
  requester: personSchema,
  target: targetSchema,
  reason: z.string(),
  ticket: z.string(),
  duration: described(z.string(), 'ISO 8601'),
  requestedAt: instant('When it was asked for'),
  startsAt: maybe(instant('When access starts')),
  endsAt: maybe(instant('When access ends')),
  expiresAt: maybe(instant('When it expires if nobody decides')),
  breakGlass: z.boolean(),
  accessId: maybe(described(z.string(), 'The request whose access this request joined')),
  extends: maybe(described(z.string(), 'The request whose access it extends')),
  ask: maybe(
    described(
      z.object({ id: z.string(), size: z.number() }),
      'The ask, if the person asked for several accounts at once: the id its requests share, and their number',
    ),
  ),
  votesNeeded: described(z.number(), 'Approvals still needed; 0 if it does not wait for approval'),
  refusal: maybe(refusalSchema),
});

const eventSchema = z.object({
  type: z.string(),
  at: instant('When'),
  by: described(z.string(), 'User id of the person; glasshammer if the program did it'),
  byName: maybe(described(z.string(), 'The name that the person signs in with, if known')),
  state: maybe(z.string()),
  note: maybe(z.string()),
});

const castVoteSchema = z.object({
  userId: z.string(),
  vote: z.enum(['approve', 'deny']),
  at: instant('When'),
  duration: maybe(described(z.string(), 'The shorter time that was approved; ISO 8601')),
  note: maybe(z.string()),
});

export const requestDetailSchema = z.extend(requestSchema, {
  approvers: described(z.array(z.string()), 'User ids of the approvers who were last asked'),
  untold: described(
    z.array(z.string()),
    'User ids of approvers or reviewers whom neither Slack nor a mail has reached',
  ),
  votes: z.array(castVoteSchema),
  review: maybe(
    z.object({
      status: z.enum(['owed', 'acknowledged', 'questioned']),
      note: maybe(z.string()),
      by: maybe(described(z.string(), 'User id of the reviewer')),
      at: maybe(instant('When')),
      answer: maybe(described(z.string(), "The person's answer to the question")),
      answeredAt: maybe(instant('When')),
    }),
  ),
  history: z.array(eventSchema),
  joins: described(
    z.array(z.string()),
    'Ids of later requests of the same person that joined this access and added their time to it',
  ),
});

export const requestPageSchema = z.object({
  requests: z.array(requestSchema),
  nextCursor: maybe(described(z.string(), 'The cursor of the next page; null on the last page')),
});

export const csvSchema = described(z.string(), 'One line for each request, after a line with the names of the columns');

export const previewSchema = z.object({
  outcome: z.enum(['granted', 'needs-approval', 'refused']),
  target: targetSchema,
  duration: described(z.string(), 'ISO 8601'),
  startsAt: instant('When access would start'),
  endsAt: instant('When access would end'),
  breakGlass: z.boolean(),
  problems: described(z.array(refusalSchema), 'If refused: all reasons, the gravest first'),
  nearest: maybe(described(z.string(), 'If refused: the nearest request that would be allowed')),
  longest: maybe(described(z.string(), 'The longest time that may be asked for now; ISO 8601')),
  longestWithoutApproval: maybe(described(z.string(), 'The longest time that is given without approval; ISO 8601')),
  reasonMinLength: z.number(),
  ticketPatterns: z.array(z.string()),
  approvers: described(z.array(z.string()), 'Names of some of the approvers'),
  approverCount: z.number(),
  votesNeeded: z.number(),
  expiresAfter: maybe(described(z.string(), 'How long it would wait for a decision; ISO 8601')),
  heldOutside: maybe(
    described(
      z.object({ throughGroup: maybe(described(z.string(), 'Name of the group; null: assigned directly')) }),
      'The same access that the person already has outside of Glasshammer, without an end; null if none, or if unknown',
    ),
  ),
});

/** @see https://www.rfc-editor.org/rfc/rfc9457 */
export const problemSchema = z.object({
  type: described(z.string(), 'urn:glasshammer:problem:<reason>'),
  title: z.string(),
  status: z.number(),
  detail: described(z.string(), 'One sentence for the person'),
  reason: described(z.string(), 'A stable code for programs: of a refusal, a malformed or a failed call'),
  refusal: z.optional(refusalSchema),
  problems: z.optional(z.array(refusalSchema)),
  nearest: z.optional(described(z.string(), 'The nearest request that would be allowed')),
  request: z.optional(requestSchema),
  fields: z.optional(
    described(z.array(z.object({ field: z.string(), message: z.string() })), 'The fields of the body to correct'),
  ),
});

export type RequestView = z.output<typeof requestSchema>;
export type RequestDetail = z.output<typeof requestDetailSchema>;
export type RefusalView = z.output<typeof refusalSchema>;
export type Problem = z.output<typeof problemSchema>;
export type PreviewView = z.output<typeof previewSchema>;
export type Ask = z.output<typeof askSchema>;
export type Evaluate = z.output<typeof evaluateSchema>;
