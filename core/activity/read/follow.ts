import type { Subject } from '../classify/aggregate/aggregate.ts';
import { isSame, rankOf } from '../classify/aggregate/aggregate-power.ts';
import type { ChainedRole } from '../classify/sessions.ts';
import type { ReportPlan } from './plan.ts';
import type { Cursor, Reading, UnfollowedReason } from './progress.ts';

/** The most accounts that are read beside the request's own, for sessions of role chaining. */
const MOST_FURTHER_ACCOUNTS = 3;
/** The most sessions and keys that are followed and, below, the most other session names that are looked up. */
export const MOST_FOLLOWED = 150;
const MOST_NAMES = 8;
const MOST_ROLES_NAMED = 5;
const MOST_SESSIONS_NAMED = 8;

/** The cursors of an account, one per Region. */
export function cursorsOf(accountId: string, plan: ReportPlan): Cursor[] {
  return plan.regions.map((region) => ({ accountId, region, done: 0 }));
}

/**
 * Adds a chained session or a created access key to what is read. One that cannot be followed is counted for the
 * report.
 */
export function follow(reading: Reading, begun: ChainedRole, plan: ReportPlan): void {
  if (isFollowed(reading, begun)) return;
  const why = makeRoomOrReason(reading, begun, plan);
  if (why !== undefined) {
    miss(reading, begun, why);
    return;
  }
  const repeated = rankOf(sessionsIn(reading), begun) === 2;
  reading.subjects.push({
    accountId: begun.accountId,
    as: begun.role || 'another role',
    ...(begun.accessKeyId === '' ? { session: begun.session ?? '' } : { accessKeyId: begun.accessKeyId }),
    ...(begun.until === undefined ? {} : { until: begun.until }),
    ...(repeated ? { repeated: true } : {}),
  });
}

/** Makes room for a session, and cursors for its account. @returns why it cannot be followed; `undefined` if it can */
function makeRoomOrReason(reading: Reading, begun: ChainedRole, plan: ReportPlan): UnfollowedReason | undefined {
  if (begun.accountId === '' || (begun.accessKeyId === '' && begun.session === undefined)) return 'unknown';
  const followed = sessionsIn(reading);
  if (followed.length >= MOST_FOLLOWED && !dropRepeated(reading, rankOf(followed, begun) === 2)) return 'many';
  const accounts = new Set(reading.lanes.map((cursor) => cursor.accountId));
  if (accounts.has(begun.accountId)) return undefined;
  if (accounts.size > MOST_FURTHER_ACCOUNTS) return 'account';
  reading.lanes.push(...cursorsOf(begun.accountId, plan));
  return undefined;
}

function sessionsIn({ subjects }: Reading): readonly ChainedRole[] {
  return subjects.filter((subject) => subject.as !== '').map(asSession);
}

function asSession(subject: Subject): ChainedRole {
  const { accountId, as: role, accessKeyId = '', session } = subject;
  return { at: '', role, accountId, accessKeyId, session };
}

/**
 * Makes room by leaving out the newest repeated session that no cursor has begun to read, unless the new session is
 * itself a repeated one.
 */
function dropRepeated(reading: Reading, isRepeated: boolean): boolean {
  if (isRepeated) return false;
  const at = reading.subjects.findLastIndex((subject) => subject.repeated === true && !isBegun(reading, subject));
  const [dropped] = at === -1 ? [] : reading.subjects.splice(at, 1);
  if (dropped === undefined) return false;
  const { as: role, accessKeyId, session } = dropped;
  miss(reading, { role, at: '', accessKeyId: accessKeyId ?? '', session }, 'many');
  return true;
}

function isBegun(reading: Reading, subject: Subject): boolean {
  const at = reading.subjects.filter(({ accountId }) => accountId === subject.accountId).indexOf(subject);
  return reading.lanes.some(({ accountId, done }) => accountId === subject.accountId && done >= at);
}

function miss(
  reading: Reading,
  { role, at, accessKeyId, session }: Pick<ChainedRole, 'role' | 'at' | 'accessKeyId' | 'session'>,
  why: UnfollowedReason,
): void {
  reading.unfollowed ??= { count: 0, roles: [] };
  reading.unfollowed.count += 1;
  const { roles } = reading.unfollowed;
  reading.unfollowed.sessions ??= [];
  const { sessions } = reading.unfollowed;
  if (sessions.length < MOST_SESSIONS_NAMED)
    sessions.push({
      role: (role || 'an unknown role').slice(0, 150),
      id: (accessKeyId || session || '').slice(0, 150),
      at,
      why,
    });
  const name = role || 'an unknown role';
  if (roles.length < MOST_ROLES_NAMED && !roles.includes(name)) roles.push(name);
}

/** Are the calls of this session read? A session that is followed by its ARN is read with all its keys. */
export function isFollowed(reading: Reading, session: ChainedRole): boolean {
  return reading.subjects.some((subject) => subject.as !== '' && isSame(asSession(subject), session));
}

/**
 * Adds a session name under which the permission set's role was used to what is read. It may be the requester's, in
 * other letters or after a rename, which only its calls can tell.
 */
export function alsoKnownAs(reading: Reading, name: string, plan: ReportPlan): void {
  if (name === plan.userName || reading.subjects.some(({ userName }) => userName === name)) return;
  const others = reading.subjects.filter(({ userName }) => userName !== undefined);
  const isSpelling = name.toLowerCase() === plan.userName.toLowerCase();
  if (others.length >= (isSpelling ? 2 * MOST_NAMES : MOST_NAMES)) {
    miss(reading, { role: `${plan.permissionSetName} as ${name.slice(0, 100)}`, at: '', accessKeyId: '' }, 'many');
    return;
  }
  reading.subjects.push({ accountId: plan.accountId, as: '', userName: name });
}

/** The access keys that are followed before this subject, so that no call is counted with both. */
export function keysApart(reading: Reading, subject: Subject): ReadonlySet<string> {
  const keys = reading.subjects.slice(0, reading.subjects.indexOf(subject));
  return new Set(keys.flatMap(({ accessKeyId }) => (accessKeyId === undefined ? [] : [accessKeyId])));
}
