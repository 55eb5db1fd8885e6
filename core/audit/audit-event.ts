import type { PolicyText, TargetNames } from '../model/request.ts';
import type { Target } from '../model/target.ts';
import type { FactType } from './event-types.ts';

/** Version of the schema in docs/audit.md. It grows when a field changes its meaning or goes; a new field does not count. */
export const AUDIT_VERSION = 1;

/** One fact as it leaves Glasshammer: a line of the archive, the detail of an event on the bus. Nothing in it is secret. */
export interface AuditEvent {
  readonly version: typeof AUDIT_VERSION;
  /** Equal ids are the same fact: `<request id>#<position in its history>`, or the id of a fact that belongs to no request. */
  readonly id: string;
  /** See `AUDIT_TYPES`. */
  readonly type: string;
  /** ISO 8601, UTC, with milliseconds. */
  readonly at: string;
  /** Principal id of the person, their Slack user id, an operator's name, or `glasshammer`. */
  readonly by: string;
  /** User name of the person in `by`, where it is known. */
  readonly byName?: string;
  /** The state the request entered with this event. */
  readonly state?: string;
  /** A sentence or value that explains the event. */
  readonly note?: string;
  readonly requestId?: string;
  readonly requester?: {
    readonly principalId: string;
    readonly slackId: string;
    readonly userName: string;
    readonly displayName: string;
  };
  readonly target?: Target;
  readonly names?: TargetNames;
  readonly reason?: string;
  readonly ticket?: string;
  readonly breakGlass?: boolean;
  /** Where the request came from: `alert` (the button), `command`, `shortcut`, `home`, `cli`. */
  readonly origin?: string;
  /** ISO 8601; what the event made of the request's times, in which `durationSeconds` is the length of the access. */
  readonly startsAt?: string;
  readonly endsAt?: string;
  readonly durationSeconds?: number;
  /** How long credentials fetched at the very end would live on; seconds. */
  readonly sessionSeconds?: number;
  /** Who could decide, by principal id; of an escalation, as the policy names them. */
  readonly approvers?: readonly string[];
  /** What the record said by which access was given. */
  readonly policy?: PolicyText;
  /** Name of the policy or access record by which the request was allowed, once it was. */
  readonly path?: string;
  /** What a fact is about, where that is no request: ids of records. */
  readonly subjects?: readonly string[];
  /** For each subject, the hash of what was written there; empty where it was removed. */
  readonly hashes?: readonly string[];
  /** A changed record as it was, and as it is; JSON, cut to what an event carries. */
  readonly before?: string;
  readonly after?: string;
}

/** A fact that belongs to no request, as it is written down. */
export interface AuditFact {
  readonly type: FactType;
  /** ISO 8601. */
  readonly at: string;
  /** The operator, or `glasshammer`. */
  readonly by: string;
  readonly note?: string;
  /** Ids of the records it is about. */
  readonly ids?: readonly string[];
  /** See `AuditEvent`. */
  readonly hashes?: readonly string[];
  readonly before?: string;
  readonly after?: string;
}
