import { remembered } from './remember.ts';

/**
 * One API call as CloudTrail recorded it, reduced to what a report needs. Absent strings are empty, so that readers
 * need not tell "missing" from "null": CloudTrail uses both.
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
  /** Empty when the call succeeded. `AccessDenied` also when only the message says that AWS denied the call. */
  readonly errorCode: string;
  readonly errorMessage: string;
  /** What made the call: a browser, a command line, an SDK, or the host name of a service. */
  readonly userAgent: string;
  /** Made in the console, which calls with credentials of its own. */
  readonly fromConsole: boolean;
  /** For a role switch in the console: ARN of the session before the switch. Empty for other calls. */
  readonly switchedFrom: string;
  /** `undefined` when CloudTrail does not say. */
  readonly readOnly: boolean | undefined;
  readonly identity: CallIdentity;
  /** Parameters and response of the call. Their shapes differ per service, and nothing about them is trusted. */
  readonly request: unknown;
  readonly response: unknown;
  /** ARNs of resources that CloudTrail lists in the record. */
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

/** How AWS words a denial. */
export const DENIED_IN_WORDS = /(is )?not authorized to perform|explicit deny|no identity-based policy allows/i;

type Members = Readonly<Record<string, unknown>>;

/** Thrown when a member has a type that CloudTrail does not write; `parseCall` catches it. */
class NoRecord extends Error {}

/**
 * Reads one CloudTrail record: the JSON text that CloudTrail returns, or its parsed value. Only the members in use are
 * checked, because CloudTrail may add members at any time. The checks are written by hand: a report reads a hundred
 * thousand records, and a schema took longer than parsing their JSON.
 *
 * @returns `undefined` when it is not a record; the caller counts these, because a call that cannot be read may have
 *   been anything
 */
export function parseCall(record: unknown): Call | undefined {
  const value = typeof record === 'string' ? jsonOf(record) : record;
  if (!isMembers(value)) return undefined;
  const { eventTime, eventSource, eventName } = value;
  if (typeof eventTime !== 'string' || typeof eventSource !== 'string' || typeof eventName !== 'string')
    return undefined;
  try {
    const at = wholeSeconds(eventTime);
    return at === '' ? undefined : callOf(value, at, eventSource, eventName);
  } catch (error) {
    if (error instanceof NoRecord) return undefined;
    throw error;
  }
}

function callOf(record: Members, at: string, eventSource: string, eventName: string): Call {
  const { sessionCredentialFromConsole: fromConsole, resources } = record;
  if (fromConsole != null && typeof fromConsole !== 'boolean' && typeof fromConsole !== 'string') throw new NoRecord();
  const errorMessage = textOf(record.errorMessage);
  return {
    id: textOf(record.eventID),
    at,
    action: actionOf(eventSource, eventName),
    eventName,
    region: textOf(record.awsRegion),
    address: textOf(record.sourceIPAddress),
    errorCode: textOf(record.errorCode) || (DENIED_IN_WORDS.test(errorMessage) ? 'AccessDenied' : ''),
    errorMessage,
    userAgent: textOf(record.userAgent),
    fromConsole: fromConsole === true || fromConsole === 'true',
    switchedFrom: String(field(record.additionalEventData, 'SwitchFrom')),
    readOnly: readOnlyOf(record.readOnly),
    identity: identityOf(membersOf(record.userIdentity)),
    request: record.requestParameters,
    response: record.responseElements,
    resourceArns: resources == null ? [] : arnsOf(resources),
  };
}

/** For each event name, the service and action of its last call: nearly all calls of one name belong to one service. */
const actionByName = remembered((eventName) => ({ eventName, eventSource: '', action: '' }));

function actionOf(eventSource: string, eventName: string): string {
  const known = actionByName(eventName);
  if (known.eventSource !== eventSource) {
    known.eventSource = eventSource;
    known.action = `${serviceOf(eventSource)}:${withoutVersion(eventName)}`;
  }
  return known.action;
}

function serviceOf(eventSource: string): string {
  return eventSource.endsWith('.amazonaws.com')
    ? eventSource.slice(0, -'.amazonaws.com'.length)
    : eventSource.replace(/\.amazonaws\.com\.cn$/, '');
}

/** Event names of Lambda and CloudFront end with the version of the API. */
function withoutVersion(eventName: string): string {
  return /\d$/.test(eventName) ? eventName.replace(/_?(\d{8}|\d{4}_\d{2}_\d{2})(v\d+)?$/, '') : eventName;
}

function readOnlyOf(value: unknown): boolean | undefined {
  if (value == null) return undefined;
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw new NoRecord();
}

function arnsOf(resources: unknown): readonly string[] {
  if (!Array.isArray(resources)) throw new NoRecord();
  return resources.map((resource: unknown) => textOf(given(resource).ARN)).filter((arn) => arn !== '');
}

function identityOf(identity: Members): CallIdentity {
  const session = membersOf(identity.sessionContext);
  const issuer = membersOf(session.sessionIssuer);
  const arn = textOf(identity.arn);
  return {
    type: textOf(identity.type),
    accountId: textOf(issuer.accountId ?? identity.accountId ?? arn.split(':')[4]),
    arn,
    principalId: textOf(identity.principalId),
    accessKeyId: textOf(identity.accessKeyId),
    roleName: textOf(issuer.userName ?? roleSessionOf(arn).roleName),
    sessionBegan: secondsBegun(textOf(membersOf(session.attributes).creationDate)),
    onBehalfOf: textOf(membersOf(identity.onBehalfOf).userId),
    invokedBy: textOf(identity.invokedBy),
    sourceIdentity: textOf(session.sourceIdentity),
  };
}

/** Remembered, because nearly all calls of a report belong to a few sessions. */
const secondsBegun = remembered((instant) => wholeSeconds(instant));

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function given(value: unknown): Members {
  if (!isMembers(value)) throw new NoRecord();
  return value;
}

/** The members of a value; none if it is absent or null. */
function membersOf(value: unknown): Members {
  return value == null ? {} : given(value);
}

function textOf(value: unknown): string {
  if (value == null) return '';
  if (typeof value !== 'string') throw new NoRecord();
  return value;
}

/** Role and session name of `arn:aws:sts::<account>:assumed-role/<role>/<session>`; empty strings for other ARNs. */
export const roleSessionOf = remembered((arn): { readonly roleName: string; readonly sessionName: string } => {
  const match = /^arn:[^:]+:sts::\d+:assumed-role\/([^/]+)\/(.+)$/.exec(arn);
  return { roleName: match?.[1] ?? '', sessionName: match?.[2] ?? '' };
});

/** A member of a value of unknown shape; the empty string when there is none. */
export function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return '';
  return (value as Readonly<Record<string, unknown>>)[name] ?? '';
}

/** Parses JSON; `undefined` if the text is not JSON. */
export function jsonOf(record: string): unknown {
  try {
    return JSON.parse(record);
  } catch {
    return undefined;
  }
}

/** How CloudTrail writes nearly all instants. Only days 1 to 28, which every month has, so that a match is valid. */
const WHOLE_SECONDS = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;

/**
 * An instant cut to whole seconds, as ISO 8601; empty when it is not an instant. CloudTrail's `creationDate` also
 * occurs without punctuation, as `20260105T083000Z`.
 */
export function wholeSeconds(instant: string): string {
  if (instant === '' || WHOLE_SECONDS.test(instant)) return instant;
  const time = Date.parse(instant.replace(/^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/, '$1-$2-$3T$4:$5:$6Z'));
  return Number.isNaN(time) ? '' : `${new Date(time).toISOString().slice(0, 19)}Z`;
}
