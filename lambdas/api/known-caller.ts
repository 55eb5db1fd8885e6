import { identifyPerson } from '../../core/access/request/identity/identify.ts';
import { type Proof, proveCaller } from '../../core/access/request/identity/prove-caller.ts';
import { proveToken } from '../../core/access/request/identity/prove-token.ts';
import type { Directory } from '../../core/model/directory.ts';
import { type Refusal, refusal } from '../../core/model/refusal.ts';
import { log } from '../shared/log.ts';
import { METRICS } from '../shared/metric-catalog.ts';
import { count } from '../shared/metrics.ts';
import { once } from '../shared/once.ts';
import { writeRefusal } from '../shared/write-refusal.ts';
import { type ApiAnswer, type ApiEvent, signedCallOf } from './http.ts';
import { toldOnly } from './problems.ts';
import type { Services } from './services.ts';
import type { Call } from './verbs/act.ts';
import { requestIdIn } from './verbs/concerned.ts';
import { lockedOut, NO_PERSONAS } from './verbs/personas.ts';

/** What it takes to know who calls. */
export type KnowingServices = Pick<
  Services,
  | 'door'
  | 'browserDoor'
  | 'directory'
  | 'policyStore'
  | 'chat'
  | 'teamIds'
  | 'emailDomains'
  | 'personas'
  | 'now'
  | 'refusals'
>;

/**
 * Answers a call once it is known who calls: AWS has verified the signature, and what it says of the caller is held against the path and
 * the directory before anything is done. Whatever a handler refuses is written down here, so that none can forget it.
 */
export async function answerKnown<All extends KnowingServices>(
  { id, event, parameters }: Pick<Call, 'event' | 'parameters'> & { readonly id: string },
  all: All,
  handle: (call: Call, all: All) => Promise<ApiAnswer>,
): Promise<ApiAnswer> {
  const proof = prove(event, parameters.userId, all);
  if (!proof.proven) return unproven(id, proof.refusal);
  // Who it is in Slack matters to what is written of them, and not to whoever only looks.
  const { policyStore, chat, teamIds, emailDomains } = all;
  const directory = lookedAtOnce(all.directory, proof.caller.principalId);
  const who = await identifyPerson(proof.caller, { policyStore, chat, teamIds, emailDomains, directory });
  if (!who.identified) return unidentified(id, { event, caller: proof.caller, parameters }, who.refusal, all);
  const why = await lockedOut(who.person, all);
  const call = {
    event,
    caller: proof.caller,
    person: who.person,
    parameters,
    lockedOut: why,
  };
  // Whatever is asked of the personas from here on, a locked person has none.
  const personas = why === undefined ? all.personas : NO_PERSONAS;
  const { refusal: refused, ...answer } = await handle(call, { ...all, directory, personas });
  if (refused !== undefined) await noteRefused(id, call, refused, all, event.httpMethod === 'GET' ? 'hourly' : 'each');
  log('api.call', { operation: id, status: answer.statusCode });
  return answer;
}

/** By the door the call came through, and by no other. */
function prove(event: ApiEvent, pathUserId: string | undefined, { door, browserDoor, now }: KnowingServices): Proof {
  const { claims } = event.requestContext;
  if (claims === undefined) return door === undefined ? NO_DOOR : proveCaller(signedCallOf(event, pathUserId), door);
  // Every path but one names its user.
  return proveToken(claims, pathUserId ?? '', browserDoor, now());
}

export const NO_DOOR: Proof = {
  proven: false,
  refusal: refusal('caller-unproven', 'there is no door for signed calls'),
};

/** A directory that is asked once about the caller, within one call: the verb identifies them as well, an instant later. */
function lookedAtOnce(directory: Directory, principalId: string): Directory {
  const user = once(() => directory.user(principalId));
  const groupIds = once(() => directory.groupIdsOf(principalId));
  return {
    ...directory,
    user: (id) => (id === principalId ? user() : directory.user(id)),
    groupIdsOf: (id) => (id === principalId ? groupIds() : directory.groupIdsOf(id)),
  };
}

/** Refuses whom AWS has proven and the directory does not know, or not any more: written down once an hour, however often they call. */
export async function unidentified(
  operation: string,
  call: Refusable,
  why: Refusal,
  all: Pick<KnowingServices, 'refusals' | 'now'>,
): Promise<ApiAnswer> {
  await noteRefused(operation, call, why, all, 'hourly');
  return unproven(operation, why);
}

type Refusable = Pick<Call, 'event' | 'caller' | 'parameters'>;

/**
 * Writes down who was refused what, and why. What pages ask again and again by themselves is written once an hour. It never throws: the
 * person is answered, and the alarm of the audit tells that it is not written.
 */
async function noteRefused(
  operation: string,
  call: Refusable,
  why: Refusal,
  { refusals, now }: Pick<KnowingServices, 'refusals' | 'now'>,
  howOften: 'each' | 'hourly',
): Promise<void> {
  const at = now().toISOString();
  const requestId = requestIdIn(call);
  const pressedAt = howOften === 'each' ? call.event.requestContext.requestId : at.slice(0, 13);
  const refused = { caller: call.caller, action: `api:${operation}`, refusal: why, pressedAt };
  await writeRefusal(requestId === undefined ? refused : { ...refused, requestId }, at, refusals);
}

/** What whoever is not proven is told, counted and logged: there is nobody of whom it could be written down. */
export function unproven(operation: string, why: Refusal): ApiAnswer {
  if (why.reason === 'caller-unproven') count(METRICS.unprovenCall);
  log('api.unproven', { operation, reason: why.reason });
  return toldOnly(why);
}
