import type { HeldAccess } from '../../model/held-access.ts';
import type { AccessEvent, AccessRequest, RequestState } from '../../model/request.ts';
import type { Assignment } from '../../model/target.ts';

/** What does not change once access is given by a request; only a request that joins can still make it break glass. */
export const GRANTED_FIELDS = [
  'requester',
  'target',
  'names',
  'reason',
  'ticket',
  'requestedAt',
  'origin',
  'votes',
  'path',
  'breakGlass',
  'sessionSeconds',
  'startsAt',
  'durationSeconds',
] as const satisfies readonly (keyof AccessRequest)[];

/** An assignment that Identity Center was asked to create. */
export interface CreatedAssignment extends Assignment {
  /** Identity Center's id of that creation. Absent for a membership, and where the answer to the call was lost. */
  readonly operationId?: string;
}

/** A request as it was when access was given by it. */
export type Granted = Pick<AccessRequest, (typeof GRANTED_FIELDS)[number]>;

/** What is recorded when an access begins, before Identity Center is asked for anything. */
export interface Begin {
  readonly requestId: string;
  readonly from: readonly RequestState[];
  readonly set: Pick<AccessRequest, 'startsAt' | 'endsAt' | 'durationSeconds' | 'grant'> &
    Partial<Pick<AccessRequest, 'path' | 'breakGlass' | 'review'>>;
  readonly event: AccessEvent;
  /** The request must have the claim on this assignment. */
  readonly assignment: Assignment;
  /** Is the assignment standing? Nothing begins when the lease item says otherwise by now. */
  readonly standing: boolean;
  readonly hold: HeldAccess;
  readonly granted: Granted;
}

/** Writes that must change a request, its lease item and the person's hold together. */
export interface AccessStore {
  /**
   * Begins an access in one transaction: the request gets its state and its end, the lease item whether the assignment
   * was there before, and the person's hold the same end. What is given is stored beside them.
   *
   * @returns false, with nothing written, when the request or the lease item is no longer as the caller saw it
   */
  begin(begin: Begin): Promise<boolean>;
}
