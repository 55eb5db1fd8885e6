import type { WireRequest } from './wire.ts';

/**
 * A type of an SDK client as it stands in a JSON body: times are epoch seconds, blobs are base64. Members the service
 * requires are always there, because the router has refused calls without them.
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

/** Who called, from where and when; everything an operation may know beside its input. */
export interface Call {
  /** Account of the credentials that signed the call. */
  accountId: string;
  /** ARN of the caller, as CloudTrail would show it. */
  callerArn: string;
  accessKeyId: string;
  /** Region the call was signed for. */
  region: string;
  nowMs: number;
  /** Set when what this call starts has to end as FAILED with this reason. */
  asyncFailure?: string;
}

/** One operation: what it answers, or an `AwsError`. S3, more headers than body, reads and writes the wire itself. */
export type Operation = (input: never, call: Call, request: WireRequest) => unknown;

/** The emulated operations of one service; every other operation of it is refused by name. */
export type Operations = Readonly<Record<string, Operation>>;

/** Epoch seconds, as times stand in AWS JSON. */
export function epochSeconds(ms: number): number {
  return ms / 1000;
}
