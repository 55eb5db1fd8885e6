import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import type { Now } from '../../core/access/ports.ts';

/** How long a role is assumed for, and how long before the end it is assumed again. Role chaining allows an hour. */
const SESSION_SECONDS = 3600;
const RENEW_BEFORE_MS = 5 * 60_000;

/** Sessions kept in memory; a container may live for weeks. */
const MOST_SESSIONS = 64;

/** Credentials of a role in an account, as SDK clients take them. */
export interface AccountCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** Sessions of one role in any number of accounts. */
export interface AccountSessions {
  /**
   * @param sessionName names the caller and its purpose in the account's own CloudTrail
   * @throws the error of STS: AccessDenied both for a role that does not exist and for one that does not trust
   *   Glasshammer
   */
  credentialsFor(accountId: string, sessionName: string): Promise<AccountCredentials>;
}

/** Assumes the role once an hour for each account and session name, however many calls share the session. */
export function createAccountSessions(options: {
  readonly sts: Pick<STSClient, 'send'>;
  /** Name of the role, the same in each account. */
  readonly roleName: string;
  readonly now: Now;
  /** `aws`, `aws-us-gov` or `aws-cn`. */
  readonly partition: string;
}): AccountSessions {
  const { sts, roleName, now, partition } = options;
  const sessions = new Map<string, Promise<{ readonly credentials: AccountCredentials; readonly expiresAt: number }>>();

  async function assume(accountId: string, sessionName: string) {
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: `arn:${partition}:iam::${accountId}:role/${roleName}`,
        RoleSessionName: sessionName.replace(/[^\w+=,.@-]/g, '-').slice(0, 64),
        DurationSeconds: SESSION_SECONDS,
      }),
    );
    return {
      credentials: {
        accessKeyId: Credentials?.AccessKeyId ?? '',
        secretAccessKey: Credentials?.SecretAccessKey ?? '',
        sessionToken: Credentials?.SessionToken ?? '',
      },
      expiresAt: (Credentials?.Expiration ?? now()).getTime(),
    };
  }

  return {
    async credentialsFor(accountId, sessionName) {
      const key = `${accountId} ${sessionName}`;
      const kept = sessions.get(key);
      if (kept !== undefined) {
        const { credentials, expiresAt } = await kept;
        if (expiresAt - RENEW_BEFORE_MS > now().getTime()) return credentials;
      }
      if (sessions.size >= MOST_SESSIONS) sessions.clear();
      const begun = assume(accountId, sessionName);
      // The promise is kept at once, so that calls at the same time share one.
      sessions.set(key, begun);
      // A failed call is not kept; the callers that wait for it get its error.
      begun.catch(() => {
        if (sessions.get(key) === begun) sessions.delete(key);
      });
      return (await begun).credentials;
    },
  };
}
