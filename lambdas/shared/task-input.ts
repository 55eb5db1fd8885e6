import * as z from 'zod/mini';

const requestId = z.string().check(z.minLength(1), z.maxLength(80));

/**
 * The assignment that this workflow's grant made, or that is gone and has its sessions cut. Executions that began under
 * an older definition pass none.
 */
const made = z.optional(
  z.union([
    z.literal(''),
    z.strictObject({
      principalId: z.string().check(z.minLength(1)),
      target: z.union([
        z.strictObject({ accountId: z.string(), permissionSetArn: z.string() }),
        z.strictObject({ groupId: z.string() }),
      ]),
      operationId: z.optional(z.string()),
    }),
  ]),
);

/**
 * What the workflow passes to its functions. Any other input is a mistake in the workflow file: the step fails, and the
 * execution's history shows it.
 */
export const taskInput = {
  /**
   * `look` is set once the workflow has had its grant; then nothing is given. Executions that began under an older
   * definition never set it.
   */
  grant: z.strictObject({ requestId, look: z.optional(z.boolean()) }),
  cut: z.strictObject({ requestId, made, cutSince: z.optional(z.string()) }),
  /** The input of an execution that has stopped. One that an operator started has no request id. */
  started: z.object({ requestId: z.optional(z.string()), made, cutSince: z.optional(z.string()) }),
  /** Executions that began under an older definition pass no `failure`. */
  revoke: z.strictObject({
    requestId,
    made,
    /** ISO 8601; when the workflow first came to cut sessions, or empty. */
    cutSince: z.optional(z.string()),
    failure: z.optional(z.strictObject({ error: z.string(), cause: z.string() })),
  }),
  /** What an operator asks or orders about the session guard of one account. */
  guard: z.strictObject({
    guard: z.discriminatedUnion('ask', [
      z.strictObject({ ask: z.literal('look'), accountId: z.string(), attachedTo: z.optional(z.string()) }),
      z.strictObject({
        ask: z.literal('lock'),
        accountId: z.string(),
        principalId: z.string().check(z.minLength(1)),
        locked: z.boolean(),
      }),
    ]),
  }),
  /** The schedule that checks the attached guards. */
  watchGuards: z.strictObject({ watchGuards: z.literal(true) }),
  hold: z.strictObject({ requestId, token: z.string(), endsAt: z.string() }),
  announce: z.strictObject({
    requestId,
    warn: z.optional(z.boolean()),
    endsAt: z.optional(z.string()),
    news: z.optional(z.boolean()),
  }),
  check: z.discriminatedUnion('operation', [
    z.strictObject({ requestId, operation: z.literal('creation'), operationId: z.string() }),
    z.strictObject({ requestId, operation: z.literal('removal'), made }),
  ]),
  approval: z.union([
    z.strictObject({ requestId, token: z.string() }),
    z.strictObject({ requestId, remind: z.literal(true) }),
    z.strictObject({ remindReviewers: z.literal(true) }),
    z.strictObject({ recheckAccess: z.literal(true) }),
  ]),
  /** The fields of EventBridge's "Step Functions Execution Status Change" that are read. */
  executionStopped: z.object({
    detail: z.object({ name: z.string(), status: z.string(), input: z.string() }),
  }),
};
