import { knownRequest } from '../access/lease/known-request.ts';
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

/** What came of one change. */
export interface HandledChange {
  readonly outcome: 'own' | 'to-remove' | 'out-of-scope' | 'told' | 'nothing-new';
  /** How many things were told to the operators. */
  readonly told: number;
}

/**
 * Deals with one change of an assignment as CloudTrail tells it. Ours are left alone. What somebody else made is told, and if a
 * lease of ours holds the same assignment, it is standing from now on. What somebody else removed while a lease holds it ends
 * the requests that had it. Events come late, twice and in any order; each is worth the same whenever it comes.
 *
 * @throws whatever a service throws, so that the event is delivered again
 */
export async function handleChange(change: AssignmentChange, services: DriftServices): Promise<HandledChange> {
  const own = await isOwn(change, services);
  if (!own && (await cameToNothing(change, services))) return { outcome: 'nothing-new', told: 0 };
  const { mayBeThere, known } = await noteMade(change, own, services);
  if (own && known !== undefined) await noteEarlierGift(known, services);
  if (own || (change.caller === 'ours' && !mayBeThere)) return { outcome: 'own', told: 0 };
  if (change.kind === 'made' && change.caller === 'ours') {
    if (change.principalType === 'GROUP') return reportGiven(change, services);
    // Somebody else has given the same: it is theirs as well, whether or not a request of ours is over meanwhile.
    return known === undefined || isMadeByUs(known) ? reclaim(change, services) : { outcome: 'own', told: 0 };
  }
  if (change.assignment !== undefined && !isInScope(change.assignment.target, services.scope)) {
    return { outcome: 'out-of-scope', told: 0 };
  }
  if (known?.madeAt !== undefined && !isMadeByUs(known)) await letGo(known, services);
  const told =
    change.kind === 'made' ? await handleMade(change, mayBeThere, services) : await handleRemoved(change, services);
  return { outcome: told > 0 ? 'told' : 'nothing-new', told };
}

/**
 * Ours is what a request asked Identity Center for, told by the id of the operation; the name of a role alone proves nothing, for
 * whoever gets hold of the role has it, too. What our roles remove is ours: it ends access and gives none. A membership has no
 * such id, so it is ours while a live lease holds it.
 */
async function isOwn(
  { kind, caller, operationId, assignment }: AssignmentChange,
  services: DriftServices,
): Promise<boolean> {
  if (kind === 'removed') return caller === 'ours';
  if (assignment === undefined) return caller === 'ours';
  if (operationId === undefined && caller !== 'ours') return false;
  const item = await services.leases.get(assignment);
  const requests = await Promise.all((item?.leases ?? []).map((id) => knownRequest(id, services.requests)));
  if (operationId !== undefined && requests.some((request) => request?.grant?.operationId === operationId)) return true;
  // An answer may be lost before its id is noted. What a live request holds, and nobody else, ends with that request.
  return caller === 'ours' && requests.some((request) => request !== undefined && !isOver(request.state));
}

/**
 * CloudTrail tells of what was asked for, and Identity Center may give it up after its answer. Ours would be kept for ever for the sake
 * of what nobody has got. What is still being made counts as made: CloudTrail tells of it once.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_AccountAssignmentOperationStatus.html
 */
async function cameToNothing(
  { kind, caller, assignment, principalType, operationId }: AssignmentChange,
  { assignments, scope }: DriftServices,
): Promise<boolean> {
  if (kind !== 'made' || caller === 'ours' || principalType !== 'USER') return false;
  if (operationId === undefined || assignment === undefined || !isInScope(assignment.target, scope)) return false;
  return (await assignments.creationStatus(assignment, operationId)).status === 'failed';
}

/**
 * One of our roles made what no live request holds: left over from a request that ended meanwhile, or made by somebody who has
 * got hold of the role. It is claimed for removal, which the sweep carries out, unless we have removed it since.
 */
async function reclaim(
  { assignment, at, by, eventId }: AssignmentChange,
  services: DriftServices,
): Promise<HandledChange> {
  if (assignment === undefined) return { outcome: 'own', told: 0 };
  const { leases, audit } = services;
  if ((await leases.wasAbsentSince(assignment, at)) || !(await services.assignments.exists(assignment)))
    return { outcome: 'own', told: 0 };
  const claimed = await leases.claim(assignment, SWEEP_HOLDER, services.now().toISOString());
  // There is an item: whatever it is about, the sweep deals with it.
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

/** Claimed by the above before it was heard that somebody else has given the same: it stays, unless its removal has begun. */
async function letGo({ assignment }: MadeAssignment, { leases }: DriftServices): Promise<void> {
  const item = await leases.get(assignment);
  if (item?.removing?.requestId === SWEEP_HOLDER && item.removing.operationId === undefined)
    await leases.forget({ ...item, standing: true });
}

/** Glasshammer gives nothing to a group, so somebody else has called with its role: told whatever is ignored, or out of scope. */
async function reportGiven(
  { assignment, principalType, by, at, eventId }: AssignmentChange,
  services: DriftServices,
): Promise<HandledChange> {
  if (assignment === undefined) return { outcome: 'own', told: 0 };
  const sighting = { assignment, principalType, made: { by, at, eventId }, byOurRole: true } as const;
  const told = (await reportDrift([sighting], services, placesIn(services.directory))).length;
  return { outcome: 'told', told };
}

/** @param mayBeThere false where it is known to have been removed since: it is told, and no lease counts it */
async function handleMade(change: AssignmentChange, mayBeThere: boolean, services: DriftServices): Promise<number> {
  const { assignment, principalType, by, at, eventId } = change;
  if (assignment === undefined) return 0;
  // A role of ours under another name would make what we give count as theirs, and keep it for ever.
  const mayStand = mayBeThere && principalType === 'USER' && change.caller === 'other';
  const item = mayStand ? await noteGift({ assignment, at, by }, services) : undefined;
  const sighting = {
    assignment,
    principalType,
    made: { by, at, eventId },
    ...(item === undefined ? {} : { leased: true as const }),
  };
  return (await reportDrift([sighting], services, placesIn(services.directory))).length;
}

/** What somebody else has made is standing from then on, where a lease of ours holds it. @returns that lease */
async function noteGift(
  { assignment, at, by }: { readonly assignment: Assignment; readonly at: string; readonly by: Actor },
  services: DriftServices,
): Promise<LeaseItem | undefined> {
  const item = await services.leases.noteOutside(assignment, true, at);
  for (const requestId of item?.leases ?? []) await noteStanding(requestId, by, services);
  return item;
}

/**
 * What others had asked for just before us may not have been there yet when the grant looked, and be heard of before there was a lease
 * that could have counted it. Ours is told of after that, and as one of theirs is not told again, it is counted now.
 */
async function noteEarlierGift(
  { assignment, theirsAt, theirsBy }: MadeAssignment,
  services: DriftServices,
): Promise<void> {
  if (theirsAt !== undefined && theirsBy !== undefined)
    await noteGift({ assignment, at: theirsAt, by: theirsBy }, services);
}

/** The request says that what it holds stays after its end, and through whom; once for each who made it so, and once more where it was taken away meanwhile. */
async function noteStanding(requestId: string, by: Actor, services: DriftServices): Promise<void> {
  const request = await knownRequest(requestId, services.requests);
  // What the grant found is not news; CloudTrail only tells of it late. When it was made says nothing here: the lease counts it, and
  // it may be from before this request, or seem to be where clocks differ.
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
  return loseAssignment(assignment, { at, by }, services);
}

/** Was what is remembered made, or seen, after this instant (ISO 8601)? Then a removal that is told of late says nothing of it. */
function wasKnownSince({ made, foundAt }: DriftItem, at: string): boolean {
  return Date.parse(made?.at ?? foundAt) > Date.parse(at);
}

/** CloudTrail names a removed membership by an id of its own: which of ours it was, if any, is found by looking. */
async function handleUnknownMembership({ at, by }: AssignmentChange, services: DriftServices): Promise<number> {
  let told = 0;
  const failed: unknown[] = [];
  for await (const item of services.leases.all()) {
    if (!isGroupTarget(item.assignment.target) || item.leases.length === 0 || item.removing !== undefined) continue;
    try {
      if (await services.assignments.exists(item.assignment)) continue;
      told += await loseAssignment(item.assignment, { at, by }, services);
    } catch (error) {
      // A group that the configuration has left out cannot be looked into, however often the event is delivered.
      failed.push(error);
    }
  }
  if (failed.length > 0) throw failed[0];
  return told;
}

/**
 * Ends every request that holds an assignment which somebody else has removed: whatever comes of the end of a lease, comes now.
 * The revoke that follows finds nothing, or what is left.
 *
 * @param lost.by absent when it was found missing by looking
 * @returns how many requests lost their access
 */
export async function loseAssignment(
  assignment: Assignment,
  lost: { readonly at: string; readonly by?: Actor },
  services: DriftServices,
): Promise<number> {
  const item = await services.leases.noteOutside(assignment, false, lost.at);
  if (item === undefined || !(await isGone(item, lost.at, services))) return 0;
  // Identity Center says that it has made an assignment a while after it has: by then it may be gone again. A membership is there at once.
  const losable: readonly RequestState[] = isGroupTarget(assignment.target) ? ['active'] : ['granting', 'active'];
  let told = 0;
  for (const requestId of item.leases) if (await endRequest(requestId, losable, lost, services)) told += 1;
  return told;
}

/**
 * A removal since the lease began took ours away. One from just before may have been what the grant did not see any more, and
 * then ours is still there; so it may be where it is not known yet that ours is made.
 */
async function isGone(item: LeaseItem, at: string, services: DriftServices): Promise<boolean> {
  const requests = await Promise.all(item.leases.map((id) => knownRequest(id, services.requests)));
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

/** The request has ended whether or not anybody could be told; both messages are tried. */
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
