import * as z from 'zod';
import { nearestRegion, partitionOf } from './regions.ts';

/* The formats of ids in AWS and Slack. Each message says what to write; the field's name is printed before it. */

export const accountId = z
  .string({
    error: ({ input }) =>
      typeof input === 'number'
        ? `put the id in quotes: '${String(input).padStart(12, '0')}'`
        : 'write a 12-digit account id in quotes',
  })
  .regex(/^\d{12}$/, {
    error: ({ input }) =>
      `"${input}" is no account id; write 12 digits in quotes${
        /^(?:ou|ou-direct|tag)[:-]/.test(String(input))
          ? "; for units and tags write '*' here, and name them in policies"
          : ''
      }`,
  });

export const PERMISSION_SET_ARN =
  /^arn:aws(?:-[a-z]+)*:sso:::permissionSet\/(ssoins-[0-9a-zA-Z.-]{16})\/ps-[0-9a-zA-Z.-]{16}$/;

/** An object; if it is missing or has another type, the error message shows an example. */
export const objectLike = <Shape extends z.ZodRawShape>(shape: Shape, example: string) =>
  z.strictObject(shape, { error: ({ code }) => (code === 'invalid_type' ? `write ${example}` : undefined) });

export const permissionSet = z.strictObject(
  {
    name: z.string({ error: 'write the name of the permission set' }).regex(/^[\w+=,.@-]{1,32}$/, {
      error: 'write the name of the permission set, at most 32 letters, digits and +=,.@-_',
    }),
    arn: z.string({ error: 'write the ARN of the permission set' }).regex(PERMISSION_SET_ARN, {
      error: 'write an ARN like arn:aws:sso:::permissionSet/ssoins-<16 characters>/ps-<16 characters>',
    }),
  },
  {
    error: ({ code, input }) =>
      code === 'invalid_type'
        ? `write { name: '${typeof input === 'string' && !input.startsWith('arn:') ? input : '…'}', arn: 'arn:aws:sso:::permissionSet/…' }`
        : undefined,
  },
);

const IDENTITY_STORE_ID = /^(?:[0-9a-f]{10}-)?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;

export const groupId = z
  .string({ error: 'write the id of the group' })
  .regex(IDENTITY_STORE_ID, { error: 'write the group id that `aws identitystore list-groups` prints' });

export const userId = z
  .string({ error: 'write the id of the user' })
  .regex(IDENTITY_STORE_ID, { error: 'write the user id that `aws identitystore list-users` prints' });

export const group = z.strictObject({
  name: z.string({ error: 'write the name of the group' }).min(1, { error: 'write the name of the group' }),
  id: groupId,
});

export const email = z.string({ error: 'write an e-mail address' }).regex(/^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$/, {
  error: ({ input }) => `"${input}" is no e-mail address; write name@example.com, without a display name`,
});

export const region = z
  .string({ error: 'write a Region such as eu-central-1' })
  .refine((name) => partitionOf(name) !== undefined, {
    error: ({ input }) => {
      const meant = nearestRegion(String(input));
      return `"${input}" is no Region; ${meant === undefined ? 'write one such as eu-central-1' : `did you mean ${meant}?`}`;
    },
  });

export const roleArn = z
  .string({ error: 'write the ARN of a role' })
  .regex(/^arn:aws(?:-[a-z]+)*:iam::[\d*]+:role\/[\w+=,.@/*-]+$/, {
    error: ({ input }) => `"${input}" is no role; write an ARN like arn:aws:iam::111122223333:role/Pipeline`,
  });

const slackId = (letters: string, what: string) =>
  z.string({ error: `write the id of a ${what}` }).regex(new RegExp(`^[${letters}][A-Z0-9]{2,}$`), {
    error: ({ input }) => `"${input}" is no ${what} id; ids begin with ${[...letters].join(' or ')}, names do not work`,
  });

export const nonEmpty = <T extends z.ZodType>(item: T, what: string) =>
  z.array(item, { error: `write a list of ${what}` }).min(1, { error: `is empty; write at least one of ${what}` });

export const slackWorkspace = objectLike(
  {
    teamIds: nonEmpty(slackId('TE', 'workspace'), 'workspace ids'),
    approvalChannel: slackId('CG', 'channel'),
    operatorChannel: slackId('CG', 'channel').optional(),
  },
  "{ teamIds: ['T…'], approvalChannel: 'C…' }",
);

/** Lambda accepts 0 as well, which stops the function; nobody means that here. */
export const atOnce = z
  .int({ error: 'write how many at once, as a whole number' })
  .min(1, { error: 'write at least 1, or leave it out; 0 would stop the function' })
  .max(900, { error: 'write at most 900; Lambda keeps 100 of the usual 1000 for everything else' });

/** Days of retention in S3: whole days, up to a hundred years. */
export const days = (what: string) =>
  z
    .int({ error: `write ${what} as a whole number` })
    .min(1, { error: `write ${what}, at least 1` })
    .max(36_500, { error: `write ${what}, at most 36500` });

/** Tags in the format that most AWS resources accept. */
export const tags = z
  .record(
    z.string().regex(/^(?!aws:)[\p{L}\p{N}\s_.:/=+@-]{1,128}$/u, {
      error: 'a key has at most 128 characters, and never begins with aws:',
    }),
    z.string({ error: 'write a text' }).max(256, { error: 'a value has at most 256 characters' }),
    { error: "write tags as { 'cost-center': '4711' }" },
  )
  .default({});

/** A managed policy, by name or ARN. */
export const managedPolicy = z
  .string({ error: 'write the name or ARN of a managed policy' })
  .regex(/^(?:arn:aws(?:-[a-z]+)*:iam::(?:\d{12}|aws):policy\/)?[\w+=,.@/-]{1,128}$/, {
    error: 'write the name of a managed policy, or its ARN like arn:aws:iam::111122223333:policy/Boundary',
  });

/** ARN of an SES identity. */
export const mailIdentityArn = z
  .string({ error: 'write the ARN of an identity of SES' })
  .regex(/^arn:aws(?:-[a-z]+)*:ses:[a-z0-9-]+:\d{12}:identity\/\S+$/, {
    error: 'write an ARN like arn:aws:ses:eu-central-1:111122223333:identity/example.com',
  });

/** Name of an IAM role, without its path. */
export const roleName = z
  .string()
  .regex(/^[\w+=,.@-]{1,64}$/, { error: 'write a role name of at most 64 letters, digits and +=,.@-_' });

/** Name of an SES configuration set. */
export const configurationSet = z
  .string({ error: 'write the name of a configuration set of SES' })
  .regex(/^[\w-]{1,64}$/, { error: 'write the name of a configuration set of SES, letters, digits, - and _' });

/** ARN of a KMS key. Aliases are refused: an alias may point to another key tomorrow. */
export const keyArn = z.string().regex(/^arn:aws(?:-[a-z]+)*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/, {
  error: 'write the ARN of the key itself, like arn:aws:kms:eu-central-1:111122223333:key/…; an alias does not work',
});

/** The retention periods of CloudWatch Logs, copied from the CDK so that reading a configuration does not load it. */
export const RETENTION_DAYS: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Days the logs are kept. */
export const logRetentionDays = z
  .number({ error: 'write a number of days' })
  .refine((given) => RETENTION_DAYS.includes(given), {
    error: `write a number of days that CloudWatch Logs offers: ${RETENTION_DAYS.join(', ')}`,
  })
  .default(365);

/** The message for `accounts` when it is neither `'*'` nor a list of strings. */
export function accountsSentence({ input }: { readonly input?: unknown }): string {
  const number = Array.isArray(input) ? input.find((id) => typeof id === 'number') : undefined;
  if (number !== undefined) return `put the id in quotes: '${String(number).padStart(12, '0')}'`;
  return "write '*' or a list with at least one 12-digit account id";
}

/** Address of the access portal, up to the `#`. */
export const portalUrl = z
  .string({ error: 'write the address of the AWS access portal' })
  .regex(/^https:\/\/[^\s/?#]+(?:\/[^\s?#]*)?$/, {
    error:
      'write the https address of the AWS access portal up to the # sign, such as https://d-1234567890.awsapps.com/start',
  })
  .transform((url) => url.replace(/\/+$/, ''));
