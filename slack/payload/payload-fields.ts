import * as z from 'zod/mini';

/**
 * The parts the payloads of Slack have in common. Slack leaves out, nulls or empties what does not apply, so `absent` reads all
 * three as nothing; a value of the wrong type is an error.
 */

/** Text that may be missing, null or empty; then it is `undefined`. */
export const absentText = z.pipe(
  z.optional(z.nullable(z.string())),
  z.transform((text) => (text === null || text === '' ? undefined : text)),
);

/** An id Slack gives: letters, digits, and in old payloads dashes and underscores. */
export const slackId = z.string().check(z.regex(/^[A-Za-z0-9_-]{1,64}$/));

export const absentId = z.pipe(absentText, z.optional(slackId));

/** `1700000000.000100`: seconds, and what makes it unique. */
export const absentTs = z.pipe(absentText, z.optional(z.string().check(z.regex(/^\d{1,16}(\.\d{1,9})?$/))));

/** `null` on Enterprise Grid when the app is installed for the whole organization. */
const absentTeam = z.optional(z.nullable(z.object({ id: absentId, domain: z.optional(z.unknown()) })));

const user = z.object({ id: slackId, team_id: absentId });

export const channel = z.optional(z.nullable(z.object({ id: absentId })));

const option = z.optional(z.nullable(z.object({ value: z.string() })));

/** One filled-in field; which member holds the value depends on the kind of input. */
const input = z.object({
  value: z.optional(z.nullable(z.string())),
  selected_option: option,
  selected_date: z.optional(z.nullable(z.string())),
  selected_time: z.optional(z.nullable(z.string())),
  selected_date_time: z.optional(z.nullable(z.number())),
});

export const view = z.object({
  id: absentText,
  callback_id: absentText,
  hash: absentText,
  private_metadata: absentText,
  state: z.optional(z.nullable(z.object({ values: z.record(z.string(), z.record(z.string(), input)) }))),
});

/** What it says may be of any shape, and is only read for its words. */
export const message = z.optional(
  z.nullable(
    z.object({
      ts: absentTs,
      thread_ts: absentTs,
      text: z.optional(z.unknown()),
      attachments: z.optional(z.unknown()),
      blocks: z.optional(z.unknown()),
    }),
  ),
);

/** Fields of every interactive payload that say who sent it and how to answer. */
export const person = {
  user,
  team: absentTeam,
  enterprise: absentTeam,
  api_app_id: absentText,
  response_url: absentText,
  trigger_id: absentText,
};

export type InputState = z.infer<typeof input>;
export type ViewPayload = z.infer<typeof view>;
