import * as z from 'zod/mini';

/**
 * Schemas of the parts that Slack's payloads have in common. Slack omits, nulls or empties fields that do not apply;
 * `absent…` reads all three as `undefined`. A value of the wrong type is an error.
 */

/** Text that may be missing, null or empty; the result is then `undefined`. */
export const absentText = z.pipe(
  z.optional(z.nullable(z.string())),
  z.transform((text) => (text === null || text === '' ? undefined : text)),
);

/** An id that Slack made: letters and digits; in old payloads also dashes and underscores. */
export const slackId = z.string().check(z.regex(/^[A-Za-z0-9_-]{1,64}$/));

export const absentId = z.pipe(absentText, z.optional(slackId));

/** `1700000000.000100`: seconds, and a part that makes it unique. */
export const absentTs = z.pipe(absentText, z.optional(z.string().check(z.regex(/^\d{1,16}(\.\d{1,9})?$/))));

/** `null` on Enterprise Grid if the app is installed for the whole organization. */
const absentTeam = z.optional(z.nullable(z.object({ id: absentId, domain: z.optional(z.unknown()) })));

const user = z.object({ id: slackId, team_id: absentId });

export const channel = z.optional(z.nullable(z.object({ id: absentId })));

const option = z.optional(z.nullable(z.object({ value: z.string() })));

/** A field with what was entered; which member holds the value depends on the kind of input. */
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

/** The content may have any shape; only its text is read. */
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

/** The fields of every interactive payload that tell who sent it and how to answer. */
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
