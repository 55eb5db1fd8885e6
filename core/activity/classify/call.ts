import * as z from 'zod/mini';

/**
 * One API call as CloudTrail recorded it, reduced to what a report needs. Absent strings are empty, so that readers need not
 * tell "missing" from "null": CloudTrail uses both.
 */
export interface Call {
  readonly id: string;
  /** ISO 8601, whole seconds: CloudTrail cuts its times to the second. */
  readonly at: string;
  /** The service's prefix and the call's name without version suffix, e.g. `lambda:CreateFunction`. */
  readonly action: string;
  /** The call's name as CloudTrail spells it, version suffix included. */
  readonly eventName: string;
  readonly region: string;
  /** An IP address, or the host name of the AWS service that called on the person's behalf. */
  readonly address: string;
  /** Empty when the call succeeded. */
  readonly errorCode: string;
  readonly errorMessage: string;
  /** What made the call: a browser, a command line, an SDK, or the host name of a service. */
  readonly userAgent: string;
  /** Made in the console, which calls with credentials of its own. */
  readonly fromConsole: boolean;
  /** Of a switch of role in the console: the session switched from, as an ARN. */
  readonly switchedFrom: string;
  /** Unknown when CloudTrail does not say. */
  readonly readOnly: boolean | undefined;
  readonly identity: CallIdentity;
  /** Whatever the call was given and answered; shapes differ per service and nothing about them is trusted. */
  readonly request: unknown;
  readonly response: unknown;
  /** ARNs CloudTrail itself names as touched. */
  readonly resourceArns: readonly string[];
}

export interface CallIdentity {
  readonly type: string;
  readonly accountId: string;
  readonly arn: string;
  readonly principalId: string;
  readonly accessKeyId: string;
  /** Name of the role the session was made from. */
  readonly roleName: string;
  /** ISO 8601; when the session began. Empty when CloudTrail does not say. */
  readonly sessionBegan: string;
  /** The Identity Center user behind the session. Empty when CloudTrail does not say. */
  readonly onBehalfOf: string;
  /** The service that called on the person's behalf. */
  readonly invokedBy: string;
  readonly sourceIdentity: string;
}

const text = z.optional(z.nullable(z.string()));

/** Only what is read is checked; unknown members are dropped, and CloudTrail may add more at any time. */
const recordSchema = z.object({
  eventID: text,
  eventTime: z.string(),
  eventSource: z.string(),
  eventName: z.string(),
  awsRegion: text,
  sourceIPAddress: text,
  errorCode: text,
  errorMessage: text,
  userAgent: text,
  sessionCredentialFromConsole: z.optional(z.nullable(z.union([z.boolean(), z.string()]))),
  additionalEventData: z.optional(z.unknown()),
  readOnly: z.optional(z.nullable(z.union([z.boolean(), z.literal('true'), z.literal('false')]))),
  requestParameters: z.optional(z.unknown()),
  responseElements: z.optional(z.unknown()),
  resources: z.optional(z.nullable(z.array(z.object({ ARN: text })))),
  userIdentity: z.optional(
    z.nullable(
      z.object({
        type: text,
        accountId: text,
        arn: text,
        principalId: text,
        accessKeyId: text,
        invokedBy: text,
        onBehalfOf: z.optional(z.nullable(z.object({ userId: text }))),
        sessionContext: z.optional(
          z.nullable(
            z.object({
              sessionIssuer: z.optional(z.nullable(z.object({ userName: text, accountId: text }))),
              attributes: z.optional(z.nullable(z.object({ creationDate: text }))),
              sourceIdentity: text,
            }),
          ),
        ),
      }),
    ),
  ),
});

type CloudTrailRecord = z.infer<typeof recordSchema>;

/**
 * Reads one CloudTrail record: the JSON text CloudTrail hands out, or the value of it.
 *
 * @returns `undefined` when it is not a record; the caller counts these, because a call that cannot be read may have been
 *   anything
 */
export function parseCall(record: unknown): Call | undefined {
  const parsed = recordSchema.safeParse(typeof record === 'string' ? jsonOf(record) : record);
  if (!parsed.success) return undefined;
  const at = wholeSeconds(parsed.data.eventTime);
  return at === '' ? undefined : callOf(parsed.data, at);
}

function callOf(record: CloudTrailRecord, at: string): Call {
  const service = record.eventSource.replace(/\.amazonaws\.com(\.cn)?$/, '');
  return {
    id: record.eventID ?? '',
    at,
    action: `${service}:${record.eventName.replace(/_?(\d{8}|\d{4}_\d{2}_\d{2})(v\d+)?$/, '')}`,
    eventName: record.eventName,
    region: record.awsRegion ?? '',
    address: record.sourceIPAddress ?? '',
    errorCode: record.errorCode ?? '',
    errorMessage: record.errorMessage ?? '',
    userAgent: record.userAgent ?? '',
    fromConsole: record.sessionCredentialFromConsole === true || record.sessionCredentialFromConsole === 'true',
    switchedFrom: String(field(record.additionalEventData, 'SwitchFrom')),
    readOnly: record.readOnly == null ? undefined : record.readOnly === true || record.readOnly === 'true',
    identity: identityOf(record.userIdentity ?? {}),
    request: record.requestParameters,
    response: record.responseElements,
    resourceArns: (record.resources ?? []).map((resource) => resource.ARN ?? '').filter((arn) => arn !== ''),
  };
}

function identityOf(identity: NonNullable<CloudTrailRecord['userIdentity']>): CallIdentity {
  const issuer = identity.sessionContext?.sessionIssuer;
  const arn = identity.arn ?? '';
  return {
    type: identity.type ?? '',
    accountId: issuer?.accountId ?? identity.accountId ?? arn.split(':')[4] ?? '',
    arn,
    principalId: identity.principalId ?? '',
    accessKeyId: identity.accessKeyId ?? '',
    roleName: issuer?.userName ?? roleSessionOf(arn).roleName,
    sessionBegan: wholeSeconds(identity.sessionContext?.attributes?.creationDate ?? ''),
    onBehalfOf: identity.onBehalfOf?.userId ?? '',
    invokedBy: identity.invokedBy ?? '',
    sourceIdentity: identity.sessionContext?.sourceIdentity ?? '',
  };
}

/** Role name and session name of `arn:aws:sts::<account>:assumed-role/<role>/<session>`; empty strings for any other ARN. */
export function roleSessionOf(arn: string): { readonly roleName: string; readonly sessionName: string } {
  const match = /^arn:[^:]+:sts::\d+:assumed-role\/([^/]+)\/(.+)$/.exec(arn);
  return { roleName: match?.[1] ?? '', sessionName: match?.[2] ?? '' };
}

/** A member of a value of unknown shape; the empty string when there is none. */
export function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return '';
  return (value as Readonly<Record<string, unknown>>)[name] ?? '';
}

/** A text as JSON; `undefined` when it is none. */
export function jsonOf(record: string): unknown {
  try {
    return JSON.parse(record);
  } catch {
    return undefined;
  }
}

/**
 * An instant cut to whole seconds, as ISO 8601; empty when it is not an instant. CloudTrail's `creationDate` also occurs without
 * punctuation, as `20260105T083000Z`.
 */
export function wholeSeconds(instant: string): string {
  const time = Date.parse(instant.replace(/^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/, '$1-$2-$3T$4:$5:$6Z'));
  return Number.isNaN(time) ? '' : `${new Date(time).toISOString().slice(0, 19)}Z`;
}
