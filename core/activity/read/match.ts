import { type Call, field, roleSessionOf } from '../classify/call.ts';
import type { ReportPlan } from './plan.ts';

/**
 * Whose call it is.
 * - `ours`: made with the access of this request.
 * - `before`, `after`: by the same person in the same role, outside the window.
 * - `earlier-session`: inside the window, with a session begun before the grant, so with access given otherwise.
 * - `other`: somebody else, or another role.
 */
export type Ownership = 'ours' | 'before' | 'after' | 'earlier-session' | 'other';

/** A session that is followed by its access key, because it was begun with the access of this request. */
export interface FollowedKey {
  readonly accessKeyId: string;
}

export type Matcher = (call: Call, followed?: FollowedKey) => Ownership;

/**
 * Prepares the exact match of one plan. Nothing is matched by prefix or substring: `bob` is not `bobby`, and the role of
 * `Admin` is not the role of `Admin_ReadOnly`.
 *
 * Without `followed`, a call is ours when its role is the permission set's role in the planned account and the person is the
 * requester; with it, when it was made with that access key, and not by the permission set's own role (those calls are found
 * by user name, and would count twice).
 */
export function createMatcher(plan: ReportPlan): Matcher {
  // Identity Center names a permission set's role in an account after the set, with 16 hexadecimal digits.
  const role = new RegExp(`^AWSReservedSSO_${escapeRegExp(plan.permissionSetName)}_[0-9a-f]{16}$`);
  const userName = plan.userName.toLowerCase();

  function isDirect(call: Call): boolean {
    const { roleName, sessionName, accountId } = sessionOf(call);
    if (!role.test(roleName)) return false;
    // The same role name in another account is another role; its calls show here when they touch this account.
    if (accountId !== '' && accountId !== plan.accountId) return false;
    if (call.identity.onBehalfOf !== '') return call.identity.onBehalfOf === plan.principalId;
    // User names compare without regard to case, as everywhere in this program; ids never do.
    return sessionName !== '' && sessionName.toLowerCase() === userName;
  }

  return (call, followed) => {
    const direct = isDirect(call);
    if (followed !== undefined) {
      const same = call.identity.accessKeyId === followed.accessKeyId && !direct;
      // No upper bound: a session begun at the last moment has a life of its own.
      return same && call.at >= plan.from ? 'ours' : 'other';
    }
    if (!direct) return 'other';
    if (call.at < plan.from) return 'before';
    if (call.at > plan.to) return 'after';
    const began = call.identity.sessionBegan;
    return began !== '' && began < plan.from ? 'earlier-session' : 'ours';
  };
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
