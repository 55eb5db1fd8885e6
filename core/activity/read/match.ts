import { type Call, field, roleSessionOf } from '../classify/call.ts';
import type { ReportPlan } from './plan.ts';

/**
 * Whose call it is.
 * - `ours`: made with the access of this request.
 * - `before`, `after`: by the same person in the same role, outside the window.
 * - `earlier-session`, `later-session`: inside the window, with a session begun before the grant or after the end, so with access
 *   given otherwise.
 * - `other`: somebody else, or another role.
 */
export type Ownership = 'ours' | 'before' | 'after' | 'earlier-session' | 'later-session' | 'other';

/**
 * A session that is followed, because it was begun with the access of this request: by its access key, or, where CloudTrail does not
 * say the key, by its ARN, but for the keys that are followed by themselves.
 */
export type Followed =
  | { readonly accessKeyId: string }
  | { readonly session: string; readonly apart: ReadonlySet<string> };

export interface Matcher {
  (call: Call, followed?: Followed): Ownership;
  /** The name under which the permission set's role in this account was used, by whomever; empty for every other role. */
  nameInRole(call: Call): string;
  /** Did the person, or a session that is followed, begin this session by switching to another role in the console? */
  isSwitch(call: Call, followed?: Followed): boolean;
}

/**
 * Prepares the exact match of one plan. Nothing is matched by prefix or substring: `bob` is not `bobby`, and the role of
 * `Admin` is not the role of `Admin_ReadOnly`.
 *
 * Without `followed`, a call is ours when its role is the permission set's role in the planned account and the person is the
 * requester; with it, when it was made in that session, and not by the permission set's own role (those calls are found
 * by user name, and would count twice).
 */
export function createMatcher(plan: ReportPlan): Matcher {
  // Identity Center names a permission set's role in an account after the set, with 16 hexadecimal digits.
  const role = new RegExp(`^AWSReservedSSO_${escapeRegExp(plan.permissionSetName)}_[0-9a-f]{16}$`);
  const userName = plan.userName.toLowerCase();

  function isOwnRole({ roleName, accountId }: NamedSession): boolean {
    // The same role name in another account is another role; its calls show here when they touch this account.
    return role.test(roleName) && (accountId === '' || accountId === plan.accountId);
  }

  function isDirect(call: Call): boolean {
    const session = sessionOf(call);
    if (!isOwnRole(session)) return false;
    if (call.identity.onBehalfOf !== '') return call.identity.onBehalfOf === plan.principalId;
    // User names compare without regard to case, as everywhere in this program; ids never do.
    return session.sessionName !== '' && session.sessionName.toLowerCase() === userName;
  }

  function match(call: Call, followed?: Followed): Ownership {
    const direct = isDirect(call);
    if (followed !== undefined) return !direct && isIn(call, followed, plan) ? 'ours' : 'other';
    if (!direct) return 'other';
    if (call.at < plan.from) return 'before';
    if (call.at > plan.to) return 'after';
    const began = call.action === 'sts:AssumeRoleWithSAML' ? call.at : call.identity.sessionBegan;
    if (began !== '' && began < plan.from) return 'earlier-session';
    return plan.sessionsUntil !== undefined && began > plan.sessionsUntil ? 'later-session' : 'ours';
  }

  return Object.assign(match, {
    nameInRole(call: Call): string {
      const session = sessionOf(call);
      return isOwnRole(session) ? session.sessionName : '';
    },
    isSwitch(call: Call, followed?: Followed): boolean {
      if (call.switchedFrom === '' || call.at < plan.from || call.at > plan.to) return false;
      if (followed !== undefined) return 'session' in followed && followed.session === call.switchedFrom;
      const from = { ...roleSessionOf(call.switchedFrom), accountId: call.switchedFrom.split(':')[4] ?? '' };
      return isOwnRole(from) && from.sessionName.toLowerCase() === userName;
    },
  });
}

/** No upper bound to the calls: a session begun at the last moment has a life of its own. */
function isIn(call: Call, followed: Followed, plan: ReportPlan): boolean {
  if (call.at < plan.from) return false;
  const { accessKeyId, arn, sessionBegan } = call.identity;
  if ('accessKeyId' in followed) return accessKeyId === followed.accessKeyId;
  // The same role may have been gone on as with other access, before and after.
  const begun = sessionBegan === '' ? call.at : sessionBegan;
  return arn === followed.session && !followed.apart.has(accessKeyId) && begun >= plan.from && begun <= plan.to;
}

interface NamedSession {
  readonly roleName: string;
  readonly sessionName: string;
  readonly accountId: string;
}

/** The role session a call was made with or, for the call that begins one with SAML, the session it begins. */
function sessionOf(call: Call): NamedSession {
  const { identity } = call;
  if (call.action === 'sts:AssumeRoleWithSAML') {
    const arn = field(field(call.response, 'assumedRoleUser'), 'arn') || field(call.request, 'roleArn');
    const begun = roleSessionOf(String(arn));
    return {
      roleName: begun.roleName || String(arn).split('/').at(-1) || '',
      sessionName: begun.sessionName || String(field(call.request, 'roleSessionName')),
      accountId: String(arn).split(':')[4] ?? '',
    };
  }
  if (identity.type !== 'AssumedRole') return { roleName: '', sessionName: '', accountId: '' };
  // `principalId` is `<role id>:<session name>`; a session name has no colon.
  const sessionName = roleSessionOf(identity.arn).sessionName || (identity.principalId.split(':')[1] ?? '');
  return { roleName: identity.roleName, sessionName, accountId: identity.accountId };
}

function escapeRegExp(literal: string): string {
  return literal.replace(/[.*+?^${}()|[\]\\-]/g, '\\$&');
}
