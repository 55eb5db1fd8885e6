import { isWarned, lengthOf } from '../../../model/access.ts';
import { after } from '../../../model/events.ts';
import { isOver } from '../../../model/life-cycle.ts';
import { type AccessRequest, assignmentOf } from '../../../model/request.ts';
import type { CreatedAssignment } from '../ports.ts';

/** What the workflow does next. Every field is always set, because the workflow file reads them all. */
export interface GrantAnswer {
  readonly next: 'approval' | 'start' | 'check' | 'announce' | 'tell' | 'over' | 'revoke';
  /** ISO 8601. */
  readonly startsAt: string;
  /** ISO 8601. */
  readonly endsAt: string;
  /** ISO 8601; when to warn the person. */
  readonly warnAt: string;
  readonly warn: boolean;
  /** How long to wait for approvers before the next reminder, escalation or the expiry. */
  readonly approvalSeconds: number;
  /** Identity Center's id of the creation, to poll. */
  readonly operationId: string;
  readonly waitSeconds: number;
  /** What Identity Center is asked to make, for the workflow to take back even if the table loses it; else empty. */
  readonly made: CreatedAssignment | '';
}

/** Shorter access gets no warning, because its end is near from the beginning. Seconds. */
const SHORTEST_WARNED_SECONDS = 180;

/** Wait between two polls of a running creation. Seconds. */
export const WAIT_SECONDS = 2;

/** The answer for a request as it is now. */
export function answer(
  request: AccessRequest,
  next: GrantAnswer['next'],
  services: { readonly warnBeforeEndSeconds: number },
  extra: Partial<Pick<GrantAnswer, 'approvalSeconds' | 'operationId' | 'startsAt'>> = {},
): GrantAnswer {
  // The id that the request records can be forged, and could then make every look at it fail.
  const operationId = extra.operationId || undefined;
  return {
    next,
    startsAt: request.startsAt,
    endsAt: request.endsAt,
    warnAt:
      isOver(request.state) || request.endsAt === '' ? '' : after(request.endsAt, -warnedBefore(request, services)),
    warn: lengthOf(request) >= SHORTEST_WARNED_SECONDS && !isWarned(request),
    approvalSeconds: 1,
    operationId: '',
    waitSeconds: WAIT_SECONDS,
    made:
      request.grant?.standing === false
        ? { ...assignmentOf(request), ...(operationId === undefined ? {} : { operationId }) }
        : '',
    ...extra,
  };
}

/** How long before the end the person is warned: never in the first two thirds of the access. Seconds. */
function warnedBefore(
  request: AccessRequest,
  { warnBeforeEndSeconds }: { readonly warnBeforeEndSeconds: number },
): number {
  return Math.min(warnBeforeEndSeconds, Math.floor(lengthOf(request) / 3));
}
