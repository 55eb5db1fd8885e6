import { identifyPerson, type ProvenCaller } from '../../core/access/request/identity/identify.ts';
import { signInNameOf } from '../../core/access/request/identity/prove-caller.ts';
import { proveToken } from '../../core/access/request/identity/prove-token.ts';
import { refusal } from '../../core/model/refusal.ts';
import { logFailure } from '../shared/log.ts';
import { type ApiAnswer, type ApiEvent, answerJson, signedCallOf } from './http.ts';
import { answerKnown, NO_DOOR, unidentified, unproven } from './known-caller.ts';
import { findOperation, OPERATIONS, type OperationId } from './operations.ts';
import { callProblem } from './problems.ts';
import type { Services } from './services.ts';
import { ask, type Call, cancel, end, extend, findAsked, vote } from './verbs/act.ts';
import { getAuditRecord } from './verbs/audit-record.ts';
import { exportAll, listAll } from './verbs/list-all.ts';
import { evaluate, getRequest, listMine, listPending, listPermissionSets, listTargets } from './verbs/look.ts';
import { freeze, lock, revoke, thaw, unlock } from './verbs/operate.ts';
import { evaluateFor, health, listDrift, listPolicies } from './verbs/oversee.ts';
import { forAuditors, forOperators, profile } from './verbs/personas.ts';
import { answerReachOfAccount, answerReachOfPerson } from './verbs/reach.ts';
import { getActivity, getReport } from './verbs/report.ts';
import { getRequesterHistory } from './verbs/requester-history.ts';
import { answer, listReviews, review } from './verbs/review.ts';
import { system } from './verbs/system.ts';

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
  getRequesterHistory,
  getAuditRecord: forAuditors(getAuditRecord),
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
  system: forAuditors(system),
  freeze: forOperators(freeze),
  thaw: forOperators(thaw),
  revoke: forOperators(revoke),
  lock: forOperators(lock),
  unlock: forOperators(unlock),
};

/**
 * Answers every call of the API. AWS has already verified the signature or token. The operation is found first; then
 * the caller's identity is compared with the path and the directory before anything is done. No body and no header is
 * ever logged.
 */
export async function answerCall(event: ApiEvent, all: Services): Promise<ApiAnswer> {
  const found = findOperation(OPERATIONS, event.httpMethod, event.path);
  if (found === undefined) return callProblem('not-found', `There is no ${event.httpMethod} at this address.`);
  const { id, parameters } = found;
  try {
    if (id === 'whoami') return await whoami(event, all);
    return await answerKnown({ id, event, parameters }, all, HANDLERS[id]);
  } catch (error) {
    logFailure('api.call-failed', error, { operation: id });
    return callProblem(
      'failed',
      'It is not known how far it got. Try again: with the same Idempotency-Key, nothing is done twice.',
    );
  }
}

/**
 * Returns the caller's own user id, which every other path contains. It grants nothing: every other path is checked by
 * itself.
 */
async function whoami(event: ApiEvent, all: Services): Promise<ApiAnswer> {
  const { claims } = event.requestContext;
  if (claims !== undefined) {
    const proof = proveToken(claims, undefined, all.browserDoor, all.now());
    return proof.proven ? whoIs(proof.caller, event, all) : unproven('whoami', proof.refusal);
  }
  const proof = all.door === undefined ? NO_DOOR : signInNameOf(signedCallOf(event, undefined), all.door);
  if (!proof.proven) return unproven('whoami', proof.refusal);
  const { userName } = proof.caller;
  let principalId: string | undefined;
  let why = refusal('principal-not-found', userName);
  try {
    principalId = await userIdOf(userName, all);
  } catch (error) {
    logFailure('api.user-unread', error, { operation: 'whoami' });
    why = refusal('directory-unreadable');
  }
  if (principalId !== undefined) return whoIs({ principalId, userName }, event, all);
  // No user id is known, so the audit names the caller by the sign-in name.
  const caller = { principalId: userName, userName };
  return unidentified('whoami', { event, caller, parameters: {} }, why, all);
}

/** The id of the user of this name, in any case of letters. @throws whatever the directory throws */
async function userIdOf(userName: string, { directory }: Pick<Services, 'directory'>): Promise<string | undefined> {
  // This look-up matches user names and e-mail addresses, and a match by address alone may be another user.
  const ids = await directory.userIdsByEmail(userName);
  const users = await Promise.all(ids.map((id) => directory.user(id)));
  return users.find((user) => user?.userName.toLowerCase() === userName.toLowerCase())?.id;
}

async function whoIs(caller: ProvenCaller, event: ApiEvent, all: Services): Promise<ApiAnswer> {
  // Without `slackIdOf`, which only verbs that write messages need.
  const { policyStore, chat, directory, teamIds, emailDomains } = all;
  const who = await identifyPerson(caller, { policyStore, chat, directory, teamIds, emailDomains });
  if (!who.identified) return unidentified('whoami', { event, caller, parameters: {} }, who.refusal, all);
  const { principalId, userName } = who.person;
  return answerJson(200, { userId: principalId, userName, portalUrl: all.portalUrl });
}
