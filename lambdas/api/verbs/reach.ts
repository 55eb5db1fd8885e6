import type { SetReached } from '../../../core/access/request/reach/judge.ts';
import { MOST_NAMED, reachOfAccount } from '../../../core/access/request/reach/reach-of-account.ts';
import { reachOfPerson } from '../../../core/access/request/reach/reach-of-person.ts';
import type { Directory } from '../../../core/model/directory.ts';
import { refusal } from '../../../core/model/refusal.ts';
import { ACCOUNT_ID } from '../../../core/model/target.ts';
import { logFailure } from '../../shared/log.ts';
import type { AccountReach, PersonReach, Way } from '../document/schemas-of-reach.ts';
import { type ApiAnswer, answerJson } from '../http.ts';
import { callProblem, refusedWithoutAudit } from '../problems.ts';
import type { Services } from '../services.ts';
import type { Call } from './act.ts';
import { userOf } from './operate.ts';

/** What one person could have, account by account. Refused for a user who is disabled or unknown. */
export async function answerReachOfPerson({ event }: Call, services: Services): Promise<ApiAnswer> {
  const { person: word = '', account: query = '', cursor } = event.queryStringParameters ?? {};
  if (word === '') return wrong('person is an id, user name or e-mail');
  if (cursor !== undefined && !ACCOUNT_ID.test(cursor)) return wrong('cursor is the nextCursor of a page');
  return orUnreadable(services, async (all) => {
    const user = await userOf(word, all);
    if (user === undefined) return refusedWithoutAudit(refusal('principal-not-found', word));
    if (!user.enabled) return refusedWithoutAudit(refusal('principal-disabled', user.userName));
    const { id, userName, displayName, email } = user;
    const groupIds = await all.keptDirectory.groupIdsOf(id);
    const page = { query, after: cursor };
    const { accounts, next } = await reachOfPerson({ principalId: id, userName, email, groupIds }, page, all);
    const { numbered, ways } = waysOf(all.keptDirectory);
    return answerJson(200, {
      person: { userId: id, userName, displayName },
      permissionSets: named(all),
      accounts: accounts.map((one) => ({ accountId: one.id, accountName: one.name, reached: numbered(one.reached) })),
      ways: await ways(),
      nextCursor: next ?? null,
    } satisfies PersonReach);
  });
}

/**
 * Who could have what in an account without an approval, page by page. Refused if the policies name too many people to
 * judge in one call.
 */
export async function answerReachOfAccount({ event, parameters }: Call, services: Services): Promise<ApiAnswer> {
  const { cursor } = event.queryStringParameters ?? {};
  if (cursor !== undefined && !PRINCIPAL.test(cursor)) return wrong('cursor is the nextCursor of a page');
  return orUnreadable(services, async (all) => {
    const account = (await all.accounts()).find(({ id }) => id === parameters.accountId);
    if (account === undefined) return refusedWithoutAudit(refusal('unknown-account', parameters.accountId));
    const found = await reachOfAccount(account.id, cursor === undefined ? {} : { after: cursor }, all);
    if (found === undefined)
      return callProblem(
        'too-much',
        `The policies and records about this account name more than ${MOST_NAMED} groups and users: use glasshammer policy reach.`,
      );
    const { numbered, ways } = waysOf(all.keptDirectory);
    return answerJson(200, {
      accountId: account.id,
      accountName: account.name,
      permissionSets: named(all),
      everyone: numbered(found.everyone),
      people: found.people.map(({ user: { id, userName, displayName }, reached }) => ({
        ...{ userId: id, userName, displayName },
        reached: numbered(reached),
      })),
      ways: await ways(),
      judged: found.judged,
      named: found.named,
      nextCursor: found.next ?? null,
    } satisfies AccountReach);
  });
}

const PRINCIPAL = /^[\w-]{1,64}$/;

function wrong(message: string): ApiAnswer {
  return callProblem('malformed-query', `Correct the query: ${message}.`);
}

/**
 * A failure of Identity Center or Organizations refuses the whole answer and is logged: a partial answer would be
 * mistaken for a complete one. Any other error is thrown.
 */
async function orUnreadable(all: Services, answer: (all: Services) => Promise<ApiAnswer>): Promise<ApiAnswer> {
  const { accounts } = marked({ accounts: all.accounts });
  const read = { directory: marked(all.directory), keptDirectory: marked(all.keptDirectory), accounts };
  try {
    return await answer({ ...all, ...read });
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    logFailure('api.reach-unread', error.cause);
    return refusedWithoutAudit(refusal('directory-unreadable', 'who reaches what'));
  }
}

/** An error of Identity Center or Organizations, which is the cause. */
class UnreadableError extends Error {
  override readonly name = 'UnreadableError';
}

/** The same port, whose errors are `UnreadableError`s; except `givenMemberships`, which reads the request table. */
function marked<T extends object>(port: T): T {
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function' || name === 'givenMemberships') return member;
      return async (...given: unknown[]) => {
        try {
          return await member.apply(target, given);
        } catch (cause) {
          throw new UnreadableError('unreadable', { cause });
        }
      };
    },
  });
}

function named({ permissionSets }: Services) {
  return permissionSets.map(({ name, arn }) => ({ name, arn }));
}

/** How many approvers are named for each vote; the answer also has the number of all of them. */
const MOST_APPROVERS = 5;

/** Numbers the ways, so that the answer has each way once, however many permission sets are reached by it. */
function waysOf(directory: Directory) {
  const known = new Map<string, { readonly place: number; readonly way: SetReached['way'] }>();
  const placeOf = (way: SetReached['way']) => {
    const key = JSON.stringify(way);
    const found = known.get(key) ?? { place: known.size, way };
    known.set(key, found);
    return found.place;
  };
  const names = new Map<string, Promise<string>>();
  const nameOf = (id: string) => {
    const name = names.get(id) ?? directory.user(id).then((user) => user?.displayName || user?.userName || id);
    names.set(id, name);
    return name;
  };
  const view = async ({ how, path, votes }: SetReached['way']): Promise<Way> => ({
    how,
    path,
    votes: await Promise.all(
      votes.map(async ({ count, approvers }) => ({
        count,
        approvers: await Promise.all(approvers.slice(0, MOST_APPROVERS).map(nameOf)),
        approverCount: approvers.length,
      })),
    ),
  });
  return {
    numbered: (reached: readonly SetReached[]) => reached.map(({ set, way }) => ({ set, way: placeOf(way) })),
    ways: () => Promise.all([...known.values()].map(({ way }) => view(way))),
  };
}
