import { identifyPerson } from '../../core/access/request/identity/identify.ts';
import { type Proof, proveCaller } from '../../core/access/request/identity/prove-caller.ts';
import { proveToken } from '../../core/access/request/identity/prove-token.ts';
import type { Directory } from '../../core/model/directory.ts';
import { type Refusal, refusal } from '../../core/model/refusal.ts';
import { log } from '../shared/log.ts';
import { METRICS } from '../shared/monitoring/metric-catalog.ts';
import { count } from '../shared/monitoring/metrics.ts';
import { once } from '../shared/once.ts';
import { writeRefusal } from '../shared/write-refusal.ts';
import { type ApiAnswer, type ApiEvent, signedCallOf } from './http.ts';
import { refusedWithoutAudit } from './problems.ts';
import type { Services } from './services.ts';
import type { Call } from './verbs/act.ts';
import { requestIdIn } from './verbs/concerned.ts';
import { lockedOut, NO_PERSONAS } from './verbs/personas.ts';

/** The services that identify the caller of a call. */
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
 * Identifies the caller and then runs the handler. AWS has verified the signature or token; what it says about the
 * caller is compared with the path and the directory before anything is done. A refusal that the handler returns is
 * written to the audit here, so that no handler can forget it.
 */
export async function answerKnown<All extends KnowingServices>(
  { id, event, parameters }: Pick<Call, 'event' | 'parameters'> & { readonly id: string },
  all: All,
  handle: (call: Call, all: All) => Promise<ApiAnswer>,
): Promise<ApiAnswer> {
  const proof = prove(event, parameters.userId, all);
  if (!proof.proven) return unproven(id, proof.refusal);
  // Without `slackIdOf`: only verbs that write messages need the caller's Slack user, and they look it up themselves.
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
  // A locked person has no persona for the rest of the call.
  const personas = why === undefined ? all.personas : NO_PERSONAS;
  const { refusal: refused, ...answer } = await handle(call, { ...all, directory, personas });
  if (refused !== undefined) await noteRefused(id, call, refused, all, event.httpMethod === 'GET' ? 'hourly' : 'each');
  log('api.call', { operation: id, status: answer.statusCode });
  return answer;
}

/** A call with claims is proven by its token and never by a signature; any other call only by its signature. */
function prove(event: ApiEvent, pathUserId: string | undefined, { door, browserDoor, now }: KnowingServices): Proof {
  const { claims } = event.requestContext;
  if (claims === undefined) return door === undefined ? NO_DOOR : proveCaller(signedCallOf(event, pathUserId), door);
  // Only `whoami` has a path without a user. An empty user id matches no token.
  return proveToken(claims, pathUserId ?? '', browserDoor, now());
}

export const NO_DOOR: Proof = {
  proven: false,
  refusal: refusal('caller-unproven', 'there is no door for signed calls'),
};

/**
 * A directory that is asked only once about the caller within one call: the verb identifies the caller again an instant
 * later.
 */
function lookedAtOnce(directory: Directory, principalId: string): Directory {
  const user = once(() => directory.user(principalId));
  const groupIds = once(() => directory.groupIdsOf(principalId));
  return {
    ...directory,
    user: (id) => (id === principalId ? user() : directory.user(id)),
    groupIdsOf: (id) => (id === principalId ? groupIds() : directory.groupIdsOf(id)),
  };
}

/**
 * Refuses a caller whom AWS has proven but who is unknown, renamed or disabled in the directory. However often they
 * call, the audit keeps this once an hour.
 */
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
 * Writes to the audit who was refused what, and why. `hourly` is for calls that pages of the console repeat by
 * themselves. It never throws: if the write fails, the caller is answered all the same and the metric `AuditFailed`
 * counts it.
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

/**
 * Answers a caller who is not proven, and logs and counts the call. It writes nothing to the audit, which needs a known
 * person.
 */
export function unproven(operation: string, why: Refusal): ApiAnswer {
  if (why.reason === 'caller-unproven') count(METRICS.unprovenCall);
  log('api.unproven', { operation, reason: why.reason });
  return refusedWithoutAudit(why);
}
