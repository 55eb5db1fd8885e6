import { readableRequest } from '../access/lease/readable-request.ts';
import { wakeToEnd } from '../access/lease/revoke/end-access.ts';
import { type LeaseItem, SWEEP_HOLDER } from '../access/ports.ts';
import { isMadeByUs, type MadeAssignment } from '../access/recovery/made.ts';
import { enter, happen } from '../model/events.ts';
import { isOver } from '../model/life-cycle.ts';
import { type AccessRequest, assignmentOf, type RequestState } from '../model/request.ts';
import { type Assignment, assignmentIds, isGroupTarget } from '../model/target.ts';
import { noteMade } from './note-made.ts';
import type { DriftServices } from './ports.ts';
import { reportDrift } from './report-drift.ts';
import { isInScope, placesIn } from './rules.ts';
import { type Actor, type AssignmentChange, type DriftItem, isReadable } from './types.ts';

/** What handling one change led to. */
export interface HandledChange {
  readonly outcome: 'own' | 'to-remove' | 'out-of-scope' | 'told' | 'nothing-new';
  /** How many findings, or ends of requests, were told to the operators. */
  readonly told: number;
}

/**
 * Handles one change of an assignment as CloudTrail records it. A change by Glasshammer is left alone. An assignment
 * that somebody else made is told to the operators, and is standing from now on if a lease holds the same one. A
 * removal by somebody else ends the requests that held the assignment. Events come late, twice and in any order; that
 * does not change the result.
 *
 * @throws the error of any service: the function then fails, and Lambda runs it for this event twice more, within minutes
 */
export async function handleChange(change: AssignmentChange, services: DriftServices): Promise<HandledChange> {
  const own = await isOwn(change, services);
  if (!own && (await creationFailed(change, services))) return { outcome: 'nothing-new', told: 0 };
  const { mayBeThere, known } = await noteMade(change, own, services);
  if (own && known !== undefined) await markEarlierAsStanding(known, services);
  if (own || (change.caller === 'ours' && !mayBeThere)) return { outcome: 'own', told: 0 };
  if (change.kind === 'made' && change.caller === 'ours') {
    if (change.principalType === 'GROUP') return reportGroupAssignment(change, services);
    // If somebody else has made the same assignment, it stays, also when the request that had it is over.
    return known === undefined || isMadeByUs(known) ? claimForRemoval(change, services) : { outcome: 'own', told: 0 };
  }
  if (change.assignment !== undefined && !isInScope(change.assignment.target, services.scope)) {
    return { outcome: 'out-of-scope', told: 0 };
  }
  if (known?.madeAt !== undefined && !isMadeByUs(known)) await dropClaim(known, services);
  const told =
    change.kind === 'made' ? await handleMade(change, mayBeThere, services) : await handleRemoved(change, services);
  return { outcome: told > 0 ? 'told' : 'nothing-new', told };
}

/**
 * A creation is Glasshammer's own if a request asked for it, as the operation id shows. The role alone proves nothing:
 * an attacker may hold it. A removal by one of the roles always is, since it ends access and gives none. A membership
 * has no operation id: it is Glasshammer's own while a live lease holds it.
 */
async function isOwn(
  { kind, caller, operationId, assignment }: AssignmentChange,
  services: DriftServices,
): Promise<boolean> {
  if (kind === 'removed') return caller === 'ours';
  if (assignment === undefined) return caller === 'ours';
  if (operationId === undefined && caller !== 'ours') return false;
  const item = await services.leases.get(assignment);
  const requests = await Promise.all((item?.leases ?? []).map((id) => readableRequest(id, services.requests)));
  if (operationId !== undefined && requests.some((request) => request?.grant?.operationId === operationId)) return true;
  // The answer with the operation id may be lost. While the request is live, the assignment ends with it.
  return caller === 'ours' && requests.some((request) => request !== undefined && !isOver(request.state));
}

/**
 * Did Identity Center give the creation up after CloudTrail had recorded the call? If it counted, a request's
 * assignment would become standing, and stay for ever, because of one that was never made. A creation in progress
 * counts as made, because CloudTrail records it only once.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_AccountAssignmentOperationStatus.html
 */
async function creationFailed(
  { kind, caller, assignment, principalType, operationId }: AssignmentChange,
  { assignments, scope }: DriftServices,
): Promise<boolean> {
  if (kind !== 'made' || caller === 'ours' || principalType !== 'USER') return false;
  if (operationId === undefined || assignment === undefined || !isInScope(assignment.target, scope)) return false;
  return (await assignments.creationStatus(assignment, operationId)).status === 'failed';
}

/**
 * One of Glasshammer's roles made an assignment that no live request holds: left over from a request that ended
 * meanwhile, or made by an attacker who holds the role. Claims it for removal by the sweep, unless Glasshammer has
 * removed it since.
 */
async function claimForRemoval(
  { assignment, at, by, eventId }: AssignmentChange,
  services: DriftServices,
): Promise<HandledChange> {
  if (assignment === undefined) return { outcome: 'own', told: 0 };
  const { leases, audit } = services;
  if ((await leases.wasAbsentSince(assignment, at)) || !(await services.assignments.exists(assignment)))
    return { outcome: 'own', told: 0 };
  const claimed = await leases.claim(assignment, SWEEP_HOLDER, services.now().toISOString());
  // The assignment has a lease item already. Whatever is in it, the sweep deals with it.
  if (claimed === undefined) return { outcome: 'own', told: 0 };
  await audit.write(`drift-${eventId}-unrequested`, {
    type: 'drift-found',
    at: services.now().toISOString(),
    by: by.id,
    note: 'made by a role of Glasshammer under no live request; it is removed',
    ids: [assignmentIds(assignment)],
  });
  return { outcome: 'to-remove', told: 0 };
}

/** Drops a claim of `claimForRemoval` once it is known that somebody else made the same, unless the removal has begun. */
async function dropClaim({ assignment }: MadeAssignment, { leases }: DriftServices): Promise<void> {
  const item = await leases.get(assignment);
  if (item?.removing?.requestId === SWEEP_HOLDER && item.removing.operationId === undefined)
    await leases.forget({ ...item, standing: true });
}

/** Somebody else used a role of Glasshammer, which gives groups nothing: told whatever the rules or the scope say. */
async function reportGroupAssignment(
  { assignment, principalType, by, at, eventId }: AssignmentChange,
  services: DriftServices,
): Promise<HandledChange> {
  if (assignment === undefined) return { outcome: 'own', told: 0 };
  const sighting = { assignment, principalType, made: { by, at, eventId }, byOurRole: true } as const;
  const told = (await reportDrift([sighting], services, placesIn(services.directory))).length;
  return { outcome: 'told', told };
}

/** @param mayBeThere false if it is known to be removed since: operators are told, and no lease counts it */
async function handleMade(change: AssignmentChange, mayBeThere: boolean, services: DriftServices): Promise<number> {
  const { assignment, principalType, by, at, eventId } = change;
  if (assignment === undefined) return 0;
  // An `unknown` role may be Glasshammer's under another name: its assignments would become standing and stay for ever.
  const mayStand = mayBeThere && principalType === 'USER' && change.caller === 'other';
  const item = mayStand ? await markStanding({ assignment, at, by }, services) : undefined;
  const sighting = {
    assignment,
    principalType,
    made: { by, at, eventId },
    ...(item === undefined ? {} : { leased: true as const }),
  };
  return (await reportDrift([sighting], services, placesIn(services.directory))).length;
}

/** Marks what somebody else has made as standing if a lease holds it. @returns the lease item */
async function markStanding(
  { assignment, at, by }: { readonly assignment: Assignment; readonly at: string; readonly by: Actor },
  services: DriftServices,
): Promise<LeaseItem | undefined> {
  const item = await services.leases.noteOutside(assignment, true, at);
  for (const requestId of item?.leases ?? []) await noteStanding(requestId, by, services);
  return item;
}

/**
 * Somebody else may have asked for the same assignment just before the grant: the grant's look-up did not see it yet,
 * and its event came before there was a lease to mark. That event does not come again, so it is counted when the event
 * of Glasshammer's own creation arrives.
 */
async function markEarlierAsStanding(
  { assignment, theirsAt, theirsBy }: MadeAssignment,
  services: DriftServices,
): Promise<void> {
  if (theirsAt !== undefined && theirsBy !== undefined)
    await markStanding({ assignment, at: theirsAt, by: theirsBy }, services);
}

/** Notes in the request that its access stays after the end, and by whom: once for each maker since the last loss. */
async function noteStanding(requestId: string, by: Actor, services: DriftServices): Promise<void> {
  const request = await readableRequest(requestId, services.requests);
  // What the grant found itself is no news. The event's time is not compared with the request's: `noteOutside` has
  // judged it, and it may be earlier, or seem so where clocks differ.
  if (request === undefined || request.grant?.standing === true) return;
  const sinceTaken = request.events.slice(request.events.findLastIndex(({ type }) => type === 'removed-by-others') + 1);
  if (!sinceTaken.some((event) => event.type === 'made-standing' && event.by === by.id)) {
    await services.requests.change(requestId, {
      from: ['granting', 'active', 'ending'],
      event: happen('made-standing', services.now().toISOString(), { by: by.id, note: `by ${by.name}` }),
    });
  }
  await services.teller.story(requestId);
}

async function handleRemoved(change: AssignmentChange, services: DriftServices): Promise<number> {
  const { assignment, principalType, by, at } = change;
  if (principalType === 'GROUP') return 0;
  if (assignment === undefined) return handleUnknownMembership(change, services);
  const seen = await services.drift.get(assignment);
  if (isReadable(seen) && seen.status !== 'removed' && !wasKnownSince(seen, at))
    await services.drift.drop(assignment, seen);
  return endRequestsOf(assignment, { at, by }, services);
}

/** Was the drift made or found after this instant (ISO 8601)? Then a late event of a removal is not about it. */
function wasKnownSince({ made, foundAt }: DriftItem, at: string): boolean {
  return Date.parse(made?.at ?? foundAt) > Date.parse(at);
}

/** CloudTrail names a removed membership by an id nobody can resolve, so every leased membership is looked up. */
async function handleUnknownMembership({ at, by }: AssignmentChange, services: DriftServices): Promise<number> {
  let told = 0;
  const failed: unknown[] = [];
  for await (const item of services.leases.all()) {
    if (!isGroupTarget(item.assignment.target) || item.leases.length === 0 || item.removing !== undefined) continue;
    try {
      if (await services.assignments.exists(item.assignment)) continue;
      told += await endRequestsOf(item.assignment, { at, by }, services);
    } catch (error) {
      // A group that the configuration has left out fails in every attempt: the other leases must not wait for it.
      failed.push(error);
    }
  }
  if (failed.length > 0) throw failed[0];
  return told;
}

/**
 * Ends every request that holds an assignment which somebody else has removed, as the end of a lease would. The revoke
 * that follows finds nothing, or only what is left.
 *
 * @param lost.by absent when the assignment was found missing by a look-up
 * @returns how many requests lost their access
 */
export async function endRequestsOf(
  assignment: Assignment,
  lost: { readonly at: string; readonly by?: Actor },
  services: DriftServices,
): Promise<number> {
  const item = await services.leases.noteOutside(assignment, false, lost.at);
  if (item === undefined || !(await isGone(item, lost.at, services))) return 0;
  // Identity Center confirms a creation some time after the assignment is there, so it can be gone before. A membership
  // is there at once.
  const losable: readonly RequestState[] = isGroupTarget(assignment.target) ? ['active'] : ['granting', 'active'];
  let told = 0;
  for (const requestId of item.leases) if (await endRequest(requestId, losable, lost, services)) told += 1;
  return told;
}

/**
 * A removal after the lease began took the request's assignment away. A removal from just before may have taken an
 * earlier one, so Identity Center is asked; also while a grant is not confirmed yet.
 */
async function isGone(item: LeaseItem, at: string, services: DriftServices): Promise<boolean> {
  const requests = await Promise.all(item.leases.map((id) => readableRequest(id, services.requests)));
  const begun = requests.flatMap((request) => (request?.startsAt ? [request.startsAt] : [])).sort()[0];
  const isBeingGiven = requests.some((request) => request?.state === 'granting');
  if (!isBeingGiven && (begun === undefined || begun <= at)) return true;
  return !(await services.assignments.exists(item.assignment));
}

async function endRequest(
  requestId: string,
  losable: readonly RequestState[],
  { at, by }: { readonly at: string; readonly by?: Actor },
  services: DriftServices,
): Promise<boolean> {
  const now = services.now().toISOString();
  const result = await services.requests.change(requestId, {
    from: losable,
    to: 'ending',
    event: enter('ending', now, {
      type: 'removed-by-others',
      by: by?.id ?? 'unknown',
      note: by === undefined ? 'found missing' : `by ${by.name}`,
    }),
    set: { endingAt: now },
  });
  if (!result.changed) return false;
  await wakeToEnd(result.request, services);
  await notifyOfEnd(result.request, { at, by }, services);
  return true;
}

/** The request has ended whether or not anybody could be told; both messages are tried before an error is thrown. */
async function notifyOfEnd(
  request: AccessRequest,
  { at, by }: { readonly at: string; readonly by?: Actor },
  services: DriftServices,
): Promise<void> {
  const { teller, audit } = services;
  await audit.write(`drift-${request.id}-${at}`, {
    type: 'drift-found',
    at: services.now().toISOString(),
    by: by?.id ?? 'unknown',
    note: `removed outside of Glasshammer; request ${request.id} ends`,
    ids: [assignmentIds(assignmentOf(request))],
  });
  const results = await Promise.allSettled([teller.story(request.id), teller.interfered({ request, at, by })]);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
