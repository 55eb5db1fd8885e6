import type { PolicyText, TargetNames } from '../model/request.ts';
import type { Target } from '../model/target.ts';
import type { FactType } from './event-types.ts';

/**
 * Version of the event schema in docs/audit.md. It grows when a field goes or changes its meaning, not when one is
 * added.
 */
export const AUDIT_VERSION = 1;

/**
 * One audit event as it leaves Glasshammer: a line of the archive, the detail of an event on the bus. It holds no
 * secret.
 */
export interface AuditEvent {
  readonly version: typeof AUDIT_VERSION;
  /**
   * Events with equal ids are the same event: `<request id>#<position in its history>`, or the id of a fact that
   * belongs to no request.
   */
  readonly id: string;
  /** See `AUDIT_TYPES`. */
  readonly type: string;
  /** ISO 8601, UTC, with milliseconds. */
  readonly at: string;
  /**
   * Principal id of the person, or their Slack user id; `cli:` and an operator's ARN; the ARN of another caller, as
   * CloudTrail names it; `glasshammer`; or `unknown`.
   */
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
  /** Where the request came from: `alert` (the button), `command`, `shortcut`, `home`, `cli`, `console` or `canary`. */
  readonly origin?: string;
  /** ISO 8601. The request's times as this event set them; `durationSeconds` is the length of the access. */
  readonly startsAt?: string;
  readonly endsAt?: string;
  readonly durationSeconds?: number;
  /** How long credentials fetched at the very end of the access stay valid. Seconds. */
  readonly sessionSeconds?: number;
  /** The people who could decide, by principal id; in an escalation, the approvers as the policy lists them. */
  readonly approvers?: readonly string[];
  /** The policy text by which access was given. */
  readonly policy?: PolicyText;
  /** Name of the policy or access record that allowed the request; absent until one has. */
  readonly path?: string;
  /** Ids of the records or items that the event is about; absent from the events in a request's own history. */
  readonly subjects?: readonly string[];
  /** For each subject, the hash of the record that was written; empty where the record was removed. */
  readonly hashes?: readonly string[];
  /** A changed record before and after the change; JSON, cut to the length that fits into an event. */
  readonly before?: string;
  readonly after?: string;
}

/** A fact as it is stored: an audit event that belongs to no request. */
export interface AuditFact {
  readonly type: FactType;
  /** ISO 8601. */
  readonly at: string;
  /** Who did it, as in `AuditEvent`. */
  readonly by: string;
  readonly note?: string;
  /** Ids of the records that the fact is about. */
  readonly ids?: readonly string[];
  /** See `AuditEvent`. */
  readonly hashes?: readonly string[];
  readonly before?: string;
  readonly after?: string;
}
