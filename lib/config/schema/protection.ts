import * as z from 'zod';
import { auditSetting } from '../surroundings.ts';
import { canarySetting } from './canary-setting.ts';
import { accountId, groupId, nonEmpty, roleArn } from './shapes.ts';

/** The guardrail: what it is attached to, and which roles it exempts. */
const guardrail = z
  .strictObject({
    targets: z
      .array(
        z.string().regex(/^(?:ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|r-[0-9a-z]{4,32}|\d{12})$/, {
          error: ({ input }) =>
            `"${input}" is no target; write a root (r-ab12), a unit (ou-ab12-34cd56ef) or an account id`,
        }),
      )
      .default([]),
    policyWriters: z.array(roleArn).default([]),
    deployers: z.array(roleArn).default([]),
  })
  .prefault({});

/** The API: from which accounts it accepts calls; without this setting there is no API. */
const api = z
  .strictObject({
    fromAccounts: z
      .union([z.literal('*'), nonEmpty(accountId, 'account ids')], {
        error: "write '*' or a list with at least one 12-digit account id",
      })
      .default('*'),
  })
  .optional();

/** The web console: where people sign in; without this setting there is no console. */
const webConsole = z
  .strictObject({
    samlMetadataUrl: z
      .string({ error: 'write the URL of the SAML metadata of the application' })
      .regex(/^https:\/\/portal\.sso\.[a-z0-9-]+\.amazonaws\.com\/saml\/metadata\/[\w=-]+$/, {
        error:
          'write the metadata URL of the application, such as https://portal.sso.eu-central-1.amazonaws.com/saml/metadata/…',
      }),
    signInPrefix: z
      .string()
      .regex(/^(?!.*(?:aws|amazon|cognito))[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, {
        error: 'write at most 63 small letters, digits and hyphens, without aws, amazon or cognito',
      })
      .optional(),
    domain: z
      .strictObject({
        name: z.string().regex(/^(?=.{4,253}$)[a-z0-9-]+(?:\.[a-z0-9-]+)+$/, {
          error: 'write a name such as access.example.com, in small letters',
        }),
        certificateArn: z.string().regex(/^arn:aws:acm:us-east-1:\d{12}:certificate\/[0-9a-f-]{36}$/, {
          error: 'write the ARN of a certificate in us-east-1, where CloudFront looks for it',
        }),
      })
      .optional(),
  })
  .optional();

/** Groups whose members can read everything (auditors), or also stop access (operators). */
const personas = z
  .strictObject({ auditors: z.array(groupId).default([]), operators: z.array(groupId).default([]) })
  .prefault({});

/** Permission sets whose owners have opted into the attached form of the session guard. */
const sessionGuard = z.strictObject({ attachedTo: z.array(z.string()).default([]) }).prefault({});

/** The settings that protect a deployment: who may call it, read it and change it. */
export const protection = {
  api,
  console: webConsole,
  personas,
  audit: auditSetting,
  guardrail,
  canary: canarySetting,
  sessionGuard,
};
