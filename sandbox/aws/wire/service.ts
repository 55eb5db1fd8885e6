import type { WireRequest } from './wire.ts';

/**
 * A type of an SDK client in its JSON form: times are epoch seconds, blobs are base64. Required members are always
 * present, because the router refuses calls without them.
 */
export type Wire<T> = T extends Date
  ? number
  : T extends Uint8Array
    ? string
    : T extends (infer Item)[]
      ? Wire<Item>[]
      : T extends object
        ? { [Key in keyof T]: Wire<Exclude<T[Key], undefined>> }
        : T;

/** The caller, account, Region and time of a call: everything an operation may use besides its input. */
export interface Call {
  /** The account of the credentials that signed the call. */
  accountId: string;
  /** The caller's ARN as in CloudTrail. */
  callerArn: string;
  accessKeyId: string;
  /** The Region that the call was signed for. */
  region: string;
  nowMs: number;
  /** Set by a planned fault: the operation that this call starts has to end as FAILED with this reason. */
  asyncFailure?: string;
}

/**
 * One operation. Returns the answer or throws an `AwsError`. S3's operations read the request and write the response
 * themselves, because most of their data is in headers.
 */
export type Operation = (input: never, call: Call, request: WireRequest) => unknown;

/** The emulated operations of one service. Any other operation is refused by name. */
export type Operations = Readonly<Record<string, Operation>>;

/** Converts to epoch seconds, the format of times in AWS JSON. */
export function epochSeconds(ms: number): number {
  return ms / 1000;
}
