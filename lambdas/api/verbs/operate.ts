import { revokeAll, type Selection } from '../../../core/access/lease/revoke/revoke-all.ts';
import { isSamePerson } from '../../../core/access/request/identity/same-person.ts';
import type { DirectoryUser } from '../../../core/model/directory.ts';
import { actorOf } from '../../../core/model/events.ts';
import { refusal } from '../../../core/model/refusal.ts';
import { ACCOUNT_ID } from '../../../core/model/target.ts';
import { log } from '../../shared/log.ts';
import { isRequestId } from '../../shared/request-id.ts';
import { freezeSchema, lockSchema, revokeSchema, thawSchema, unlockSchema } from '../document/schemas.ts';
import { type ApiAnswer, answerJson } from '../http.ts';
import { readBody, wrongField } from '../input.ts';
import { refusedWithAudit } from '../problems.ts';
import type { Services } from '../services.ts';
import { requestView } from '../views.ts';
import type { Call } from './act.ts';

/** Refuses every new grant, everywhere, at once; existing access stays. */
export async function freeze(call: Call, all: Services): Promise<ApiAnswer> {
  const body = readBody(call.event, freezeSchema);
  if (!body.ok) return body.answer;
  const changed = await all.freezes.freeze(changeOf(call, body.value.reason, all));
  return answerSwitch(changed, all);
}

/** Ends the freeze. */
export async function thaw(call: Call, all: Services): Promise<ApiAnswer> {
  const body = readBody(call.event, thawSchema);
  if (!body.ok) return body.answer;
  const changed = await all.freezes.thaw(changeOf(call, body.value.reason, all));
  return answerSwitch(changed, all);
}

/** Ends access now, and cancels requests that wait. */
export async function revoke(call: Call, all: Services): Promise<ApiAnswer> {
  const body = readBody(call.event, revokeSchema);
  if (!body.ok) return body.answer;
  const { requestId, user, accountId, all: everything, reason } = body.value;
  const meant: Selection[] = [
    ...(requestId === undefined ? [] : [{ requestId }]),
    ...(user === undefined ? [] : [{ user }]),
    ...(accountId === undefined ? [] : [{ accountId }]),
    ...(everything === undefined ? [] : [{ all: everything }]),
  ];
  const [selection] = meant;
  if (selection === undefined || meant.length > 1)
    return wrongField('requestId', 'name exactly one of requestId, user, accountId and all').answer;
  if (requestId !== undefined && (!isRequestId(requestId) || (await all.requests.get(requestId)) === undefined))
    return refusedWithAudit(refusal('unknown-request'));
  if (accountId !== undefined && !ACCOUNT_ID.test(accountId))
    return wrongField('accountId', 'must be 12 digits').answer;
  if (user === undefined) return answerJson(200, { revoked: await revoked(selection, call, reason, all) });
  const person = await userOf(user, all);
  const ended = await revoked({ user: person?.id ?? user }, call, reason, all);
  // A person who has left the directory is found by their requests. If there is none either, nothing was ended and the
  // call is refused.
  return person === undefined && ended.length === 0
    ? refusedWithAudit(refusal('principal-not-found', user))
    : answerJson(200, { revoked: ended });
}

/** Refuses every new request of one person, and ends what they have. */
export async function lock(call: Call, all: Services): Promise<ApiAnswer> {
  const body = readBody(call.event, lockSchema);
  if (!body.ok) return body.answer;
  const { user, reason } = body.value;
  const person = await userOf(user, all);
  if (person === undefined) return refusedWithAudit(refusal('principal-not-found', user));
  const changed = await all.locks.lock(person.id, changeOf(call, reason, all), 'left');
  // Even if the person was locked before: a request that was under way then may have become access since.
  const ended = await revoked({ user: person.id }, call, reason, all);
  log('person.locked', { principalId: person.id, changed });
  return answerJson(200, await lockView(person, changed, ended, all));
}

/**
 * Unlocks a person. Operators cannot lift their own lock, nor one that also denies sessions, which would stay denied.
 */
export async function unlock(call: Call, all: Services): Promise<ApiAnswer> {
  const body = readBody(call.event, unlockSchema);
  if (!body.ok) return body.answer;
  const { user, reason } = body.value;
  const person = await userOf(user, all);
  if (person === undefined) return refusedWithAudit(refusal('principal-not-found', user));
  if (await isSamePerson(call.person, { principalId: person.id, email: person.email }, all))
    return refusedWithAudit(refusal('own-lock'));
  const changed = await all.locks.unlock(person.id, changeOf(call, reason, all), 'left');
  if (!changed && (await all.locks.get(person.id)) !== undefined) return refusedWithAudit(refusal('sessions-denied'));
  log('person.unlocked', { principalId: person.id, changed });
  return answerJson(200, await lockView(person, changed, [], all));
}

function changeOf({ person }: Call, reason: string, { now }: Pick<Services, 'now'>) {
  return { by: actorOf(person), at: now().toISOString(), reason };
}

async function answerSwitch(changed: boolean, { freezes }: Services): Promise<ApiAnswer> {
  return answerJson(200, { changed, frozen: (await freezes.frozen()) ?? null });
}

async function lockView(person: DirectoryUser, changed: boolean, ended: readonly object[], { locks }: Services) {
  const { id: userId, userName } = person;
  return { userId, userName, changed, locked: (await locks.get(userId)) ?? null, revoked: ended };
}

async function revoked(selection: Selection, { person }: Call, reason: string, all: Services) {
  const ended = [];
  const by = { operator: actorOf(person), operatorName: person.userName };
  for await (const { request, outcome, error } of revokeAll(selection, { ...all, ...by, reason })) {
    log('request.revoked', { requestId: request.id, outcome });
    ended.push({ outcome, error, request: requestView(request) });
  }
  return ended;
}

/** Finds a user by id, user name or e-mail address; `undefined` if none or several match. */
export async function userOf(
  word: string,
  { directory }: Pick<Services, 'directory'>,
): Promise<DirectoryUser | undefined> {
  const known = await directory.user(word);
  if (known !== undefined) return known;
  // This also matches user names, which need not look like an address.
  const [id, ...others] = await directory.userIdsByEmail(word);
  return id === undefined || others.length > 0 ? undefined : directory.user(id);
}
