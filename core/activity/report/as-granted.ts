import { GRANTED_FIELDS } from '../../access/lease/ports.ts';
import type { HoldStore, Now } from '../../access/ports.ts';
import { sameValue } from '../../audit/stored-item.ts';
import { after, CLOCK_SKEW_SECONDS, isInstant } from '../../model/events.ts';
import { isOver } from '../../model/life-cycle.ts';
import { type AccessEvent, type AccessRequest, assignmentOf } from '../../model/request.ts';
import { assignmentKey } from '../../model/target.ts';
import { compareText } from '../../model/text.ts';

export interface AsGrantedServices {
  readonly holds: Pick<HoldStore, 'given' | 'granted'>;
  readonly now: Now;
}

/** A request as its report reads it. */
export interface RequestAsGranted extends AccessRequest {
  /** The fields in which the stored request differs from what was given. Absent if there are none. */
  readonly altered?: readonly string[];
}

/**
 * The request with what was given by it. Many functions may write requests, but only the grant writes what was given
 * and the holds. A report that went by an altered request would be about another person, account or time.
 */
export async function asGranted(request: AccessRequest, services: AsGrantedServices): Promise<RequestAsGranted> {
  const granted = await services.holds.granted(request.id);
  const known = { ...request, ...granted, breakGlass: request.breakGlass || granted?.breakGlass === true };
  const assignment = assignmentOf(known);
  const holds = (await services.holds.given([assignment])).get(assignmentKey(assignment)) ?? [];
  const { endsAt = request.endsAt } = holds.find(({ accessId }) => accessId === request.id) ?? {};
  const truth = { ...known, endsAt, ...endOf({ ...known, endsAt }, services.now().toISOString()) };
  const altered = FIELDS.filter((field) => !sameValue(request[field], truth[field]));
  return altered.length === 0 ? request : { ...truth, altered };
}

const FIELDS = [...GRANTED_FIELDS, 'endsAt', 'endingAt', 'endedAt', 'sessionsCutAt'] as const;

/**
 * The end by the history: the program never writes these fields without their event, and none of these events twice. A
 * second end was added by an attacker, perhaps with an earlier time to hide what was done until the real one, so the
 * latest that has come counts; without any, the granted end. Of what became of the sessions, the first event counts.
 *
 * @param now ISO 8601
 */
function endOf(
  { state, events, endedAt, endingAt, endsAt }: AccessRequest,
  now: string,
): Pick<AccessRequest, 'endedAt' | 'endingAt' | 'sessionsCutAt'> {
  if (endedAt === undefined && !isOver(state)) return {};
  const isEnd = (event: AccessEvent) => event.state === 'ended';
  const ends = events.filter(isEnd).map(({ at }) => at);
  const latest =
    ends
      .filter((at) => at <= after(now, CLOCK_SKEW_SECONDS))
      .sort(compareText)
      .at(-1) ?? (endsAt < now ? endsAt : now);
  const settled = events.slice(events.findIndex(isEnd) + 1).find(({ type }) => /^sessions-(?:cut|left)$/.test(type));
  return {
    endedAt: ends.length === 1 && ends[0] === latest ? endedAt : latest,
    endingAt: events.find((event) => event.state === 'ending')?.at ?? (isInstant(endingAt) ? endingAt : undefined),
    sessionsCutAt: settled?.type === 'sessions-cut' ? settled.at : undefined,
  };
}
