import type { TargetNames } from '../model/request.ts';
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
  /** Name of the policy or access record by which the request was allowed, once it was. */
  readonly path?: string;
  /** What a fact is about, where that is no request: ids of records. */
  readonly subjects?: readonly string[];
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
}
