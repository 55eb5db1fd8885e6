import * as z from 'zod/mini';

const requestId = z.string().check(z.minLength(1), z.maxLength(80));

/** What the grant made, kept by the workflow, or what is gone and has its sessions cut; executions that began under an older definition keep nothing. */
const made = z.optional(
  z.union([
    z.literal(''),
    z.strictObject({
      principalId: z.string().check(z.minLength(1)),
      target: z.union([
        z.strictObject({ accountId: z.string(), permissionSetArn: z.string() }),
        z.strictObject({ groupId: z.string() }),
      ]),
    }),
  ]),
);

/** What the workflow passes to its functions. Anything else is a mistake in the workflow file and fails under audit. */
export const taskInput = {
  /** With `look`, from a workflow that has had its grant: nothing is given. Executions that began under an older definition never say so. */
  grant: z.strictObject({ requestId, look: z.optional(z.boolean()) }),
  cut: z.strictObject({ requestId, made, cutSince: z.optional(z.string()) }),
  /** What an execution was started with: nothing of it where an operator started one. */
  started: z.object({ requestId: z.optional(z.string()), made, cutSince: z.optional(z.string()) }),
  /** Executions that began under an older definition say nothing of a failure. */
  revoke: z.strictObject({
    requestId,
    made,
    /** A clean-up after a workflow of whose grant the table knows nothing: its history says what it made. */
    lost: z.optional(z.boolean()),
    /** ISO 8601; when it first came to cutting sessions, or empty. */
    cutSince: z.optional(z.string()),
    failure: z.optional(z.strictObject({ error: z.string(), cause: z.string() })),
  }),
  /** What an operator asks about the session guard of one account. */
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
  /** The schedule that looks at attached guards. */
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
  /** EventBridge's "Step Functions Execution Status Change", as far as it is used. */
  executionStopped: z.object({
    detail: z.object({ name: z.string(), status: z.string(), input: z.string() }),
  }),
};
