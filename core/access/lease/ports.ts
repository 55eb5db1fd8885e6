import type { HeldAccess } from '../../model/held-access.ts';
import type { AccessEvent, AccessRequest, RequestState } from '../../model/request.ts';
import type { Assignment } from '../../model/target.ts';

/** What is written down when an access begins, before anything is asked of Identity Center. */
export interface Begin {
  readonly requestId: string;
  readonly from: readonly RequestState[];
  readonly set: Pick<AccessRequest, 'startsAt' | 'endsAt' | 'durationSeconds' | 'grant'> &
    Partial<Pick<AccessRequest, 'path' | 'breakGlass' | 'review'>>;
  readonly event: AccessEvent;
  /** The request must have the claim on it. */
  readonly assignment: Assignment;
  /** Was it there before us? Nothing begins when the lease says otherwise by now. */
  readonly standing: boolean;
  readonly hold: HeldAccess;
}

/** What is true of a request, its lease and what its person holds at once. */
export interface AccessStore {
  /**
   * Begins an access: the state and end of its request, in its lease whether it was there before, and in what the person holds the
   * same end, in one transaction. False, and nothing is written, when the request or the lease is not any more what was seen.
   */
  begin(begin: Begin): Promise<boolean>;
}
