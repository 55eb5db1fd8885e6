import { identifyPerson } from '../../core/access/request/identity/identify.ts';
import { type Proof, proveCaller, signInNameOf } from '../../core/access/request/identity/prove-caller.ts';
import { proveToken } from '../../core/access/request/identity/prove-token.ts';
import type { Directory } from '../../core/model/directory.ts';
import { type Refusal, refusal } from '../../core/model/refusal.ts';
import { log, logFailure } from '../shared/log.ts';
import { METRICS } from '../shared/metric-catalog.ts';
import { count } from '../shared/metrics.ts';
import { once } from '../shared/once.ts';
import { type ApiAnswer, type ApiEvent, answerJson, signedCallOf } from './http.ts';
import { findOperation, type OperationId } from './operations.ts';
import { callProblem, refused } from './problems.ts';
import type { Services } from './services.ts';
import { ask, type Call, cancel, end, extend, findAsked, vote } from './verbs/act.ts';
import { exportAll, listAll } from './verbs/list-all.ts';
import { evaluate, getRequest, listMine, listPending, listPermissionSets, listTargets } from './verbs/look.ts';
import { freeze, lock, revoke, thaw, unlock } from './verbs/operate.ts';
import { evaluateFor, health, listDrift, listPolicies } from './verbs/oversee.ts';
import { forAuditors, forOperators, lockedOut, NO_PERSONAS, profile } from './verbs/personas.ts';
import { answerReachOfAccount, answerReachOfPerson } from './verbs/reach.ts';
import { getActivity, getReport } from './verbs/report.ts';
import { answer, listReviews, review } from './verbs/review.ts';

const HANDLERS: Readonly<Record<Exclude<OperationId, 'whoami'>, (call: Call, all: Services) => Promise<ApiAnswer>>> = {
  listTargets,
  listPermissionSets,
  evaluate,
  request: ask,
  findAsked,
  listMine,
  listPending,
  getRequest,
  getReport,
  getActivity,
  vote,
  cancel,
  end,
  extend,
  profile,
  health,
  listReviews,
  review,
  answer,
  listAll: forAuditors(listAll),
  exportAll: forAuditors(exportAll),
  listPolicies: forAuditors(listPolicies),
  evaluateFor: forAuditors(evaluateFor),
  reachOfPerson: forAuditors(answerReachOfPerson),
  reachOfAccount: forAuditors(answerReachOfAccount),
  listDrift: forAuditors(listDrift),
  freeze: forOperators('freeze', freeze),
  thaw: forOperators('thaw', thaw),
  revoke: forOperators('revoke', revoke),
  lock: forOperators('lock', lock),
  unlock: forOperators('unlock', unlock),
};

/**
 * Every call of the API. First what is called, then who calls: AWS has verified the signature, and what it says of the caller is held
 * against the path and the directory before anything is done. No body and no header is ever logged.
 */
export async function answerCall(event: ApiEvent, all: Services): Promise<ApiAnswer> {
  const found = findOperation(event.httpMethod, event.path);
  if (found === undefined) return callProblem('not-found', `There is no ${event.httpMethod} at this address.`);
  const { id, parameters } = found;
  try {
    if (id === 'whoami') return await whoami(event, all);
    const proof = prove(event, parameters.userId, all);
    if (!proof.proven) return unproven(id, proof.refusal);
    // Who it is in Slack matters to what is written of them, and not to whoever only looks.
    const { slackIdOf: _slackIdOf, ...withoutSlack } = all;
    const directory = lookedAtOnce(all.directory, proof.caller.principalId);
    const who = await identifyPerson(proof.caller, { ...withoutSlack, directory });
    if (!who.identified) return unproven(id, who.refusal);
    const why = await lockedOut(who.person, all);
    const call = {
      event,
      caller: proof.caller,
      person: who.person,
      parameters,
      ...(why === undefined ? {} : { lockedOut: why }),
    };
    // Whatever is asked of the personas from here on, a locked person has none.
    const personas = why === undefined ? all.personas : NO_PERSONAS;
    const answer = await HANDLERS[id](call, { ...all, directory, personas });
    log('api.call', { operation: id, status: answer.statusCode });
    return answer;
  } catch (error) {
    logFailure('api.call-failed', error, { operation: id });
    return callProblem(
      'failed',
      'It is not known how far it got. Try again: with the same Idempotency-Key, nothing is done twice.',
    );
  }
}

/** By the door the call came through, and by no other. */
function prove(event: ApiEvent, pathUserId: string | undefined, { door, browserDoor, now }: Services): Proof {
  const { claims } = event.requestContext;
  if (claims === undefined) return door === undefined ? NO_DOOR : proveCaller(signedCallOf(event, pathUserId), door);
  // Every path but one names its user.
  return proveToken(claims, pathUserId ?? '', browserDoor, now());
}

const NO_DOOR: Proof = { proven: false, refusal: refusal('caller-unproven', 'there is no door for signed calls') };

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

/** Tells a person the id that their paths have. It gives nobody anything: it is their own, and every other path is judged by itself. */
async function whoami(event: ApiEvent, all: Services): Promise<ApiAnswer> {
  const { claims } = event.requestContext;
  if (claims !== undefined) return whoseToken(proveToken(claims, undefined, all.browserDoor, all.now()), all);
  const proof = all.door === undefined ? NO_DOOR : signInNameOf(signedCallOf(event, undefined), all.door);
  if (!proof.proven) return unproven('whoami', proof.refusal);
  const { userName } = proof.caller;
  // Looks by user name as well; by an address alone it would be somebody else's id.
  const ids = await all.directory.userIdsByEmail(userName);
  const users = await Promise.all(ids.map((id) => all.directory.user(id)));
  const userId = users.find((user) => user?.userName.toLowerCase() === userName.toLowerCase())?.id;
  if (userId === undefined) return unproven('whoami', refusal('principal-not-found', userName));
  return answerJson(200, { userId, userName, portalUrl: all.portalUrl });
}

async function whoseToken(proof: Proof, all: Services): Promise<ApiAnswer> {
  if (!proof.proven) return unproven('whoami', proof.refusal);
  const who = await identifyPerson(proof.caller, all);
  if (!who.identified) return unproven('whoami', who.refusal);
  const { principalId, userName } = who.person;
  return answerJson(200, { userId: principalId, userName, portalUrl: all.portalUrl });
}

function unproven(operation: OperationId, why: Refusal): ApiAnswer {
  if (why.reason === 'caller-unproven') count(METRICS.unprovenCall);
  log('api.unproven', { operation, reason: why.reason });
  return refused(why);
}
