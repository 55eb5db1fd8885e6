import { type Call, field, roleSessionOf } from '../classify/call.ts';
import type { ReportPlan } from './plan.ts';

/**
 * Whose call it is.
 * - `ours`: made with the access of this request.
 * - `before`, `after`: by the requester in the same role, outside the window.
 * - `earlier-session`, `later-session`: inside the window, with a session begun before the grant or after the end, so
 *   with other access.
 * - `other`: by somebody else, or in another role.
 */
export type Ownership = 'ours' | 'before' | 'after' | 'earlier-session' | 'later-session' | 'other';

/**
 * A session that is followed because it was begun with the access of this request. It is matched by its access key or,
 * if CloudTrail does not give the key, by its ARN, without the keys in `apart`, which are followed on their own.
 */
export type Followed =
  | { readonly accessKeyId: string }
  | { readonly session: string; readonly apart: ReadonlySet<string> };

export interface Matcher {
  (call: Call, followed?: Followed): Ownership;
  /** The session name of a call in the permission set's role of this account, of any user; empty for other roles. */
  nameInRole(call: Call): string;
  /** Is this call a role switch in the console by the requester, or by the followed session? */
  isSwitch(call: Call, followed?: Followed): boolean;
}

/**
 * Creates the matcher of one plan. Nothing is matched by prefix or substring: `bob` is not `bobby`, and the role of
 * `Admin` is not the role of `Admin_ReadOnly`.
 *
 * Without `followed`, a call is `ours` when its role is the permission set's role in the planned account and the user
 * is the requester. With `followed`, it is `ours` when it was made in that session and not by the permission set's own
 * role: such calls are found by user name, and would count twice.
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

/** The calls have no upper time limit: a session begun at the last moment can outlive the window. */
function isIn(call: Call, followed: Followed, plan: ReportPlan): boolean {
  if (call.at < plan.from) return false;
  const { accessKeyId, arn, sessionBegan } = call.identity;
  if ('accessKeyId' in followed) return accessKeyId === followed.accessKeyId;
  // The same role may also have been assumed with other access, before or after.
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
