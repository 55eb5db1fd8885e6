import { createHash } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import { configSection, type Role } from '../access/profile.ts';
import { type CliIo, UsageError } from '../terminal/io.ts';

/** Credentials of a role, as the access portal gives them to a person who has the role. */
export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** The portal does not offer the role yet, or cannot be reached; worth a retry. */
export class PortalNotYetError extends Error {
  override readonly name = 'PortalNotYetError';
}

export interface Portal {
  /**
   * Fetches new credentials from the portal on each call: cached ones could belong to an earlier access.
   *
   * @throws PortalNotYetError; UsageError where nobody is signed in
   */
  fetch(role: Pick<Role, 'accountId' | 'permissionSet'>): Promise<RoleCredentials>;
  /** The Region for calls: from the environment, the profile, or Identity Center. */
  readonly region: string;
}

const tokenSchema = z.looseObject({ accessToken: z.string(), expiresAt: z.string() });
const answerSchema = z.looseObject({
  roleCredentials: z.looseObject({
    accessKeyId: z.string(),
    secretAccessKey: z.string(),
    sessionToken: z.string(),
  }),
});

/**
 * Opens the access portal with the session that `aws sso login` has left, with the same call and the same cache file as
 * the AWS CLI. `GLASSHAMMER_PORTAL_TOKEN` replaces that session; the sandbox sets it.
 *
 * @throws UsageError where the profile does not sign in through Identity Center, or the person is not signed in
 * @see https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html
 */
export async function openPortal({ env, readFile, now }: Pick<CliIo, 'env' | 'readFile' | 'now'>): Promise<Portal> {
  const { token, region, ssoRegion } = await signedIn();
  const endpoint =
    env.AWS_ENDPOINT_URL_SSO ??
    env.AWS_ENDPOINT_URL ??
    `https://portal.sso.${ssoRegion}.${region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'}`;
  return {
    region,
    async fetch({ accountId, permissionSet }) {
      const query = new URLSearchParams({ account_id: accountId, role_name: permissionSet });
      const response = await fetch(`${endpoint.replace(/\/$/, '')}/federation/credentials?${query}`, {
        headers: { 'x-amz-sso_bearer_token': token },
      }).catch((error: Error) => {
        throw new PortalNotYetError(`the access portal cannot be reached: ${error.message}`);
      });
      if (response.status === 401) throw new UsageError(SIGN_IN_AGAIN);
      const parsed = answerSchema.safeParse(await response.json().catch(() => undefined));
      if (!response.ok || !parsed.success)
        throw new PortalNotYetError(`the access portal does not offer ${permissionSet} in ${accountId}`);
      const { accessKeyId, secretAccessKey, sessionToken } = parsed.data.roleCredentials;
      return { accessKeyId, secretAccessKey, sessionToken };
    },
  };

  async function signedIn(): Promise<{ readonly token: string; readonly region: string; readonly ssoRegion: string }> {
    const given = env.GLASSHAMMER_PORTAL_TOKEN;
    const { AWS_REGION: wanted = 'us-east-1' } = env;
    if (given) return { token: given, region: wanted, ssoRegion: wanted };
    const home = join(env.HOME ?? env.USERPROFILE ?? '', '.aws');
    const config = await readFile(env.AWS_CONFIG_FILE ?? join(home, 'config')).catch(() => '');
    const profile = configSection(config, env.AWS_PROFILE === undefined ? 'default' : `profile ${env.AWS_PROFILE}`);
    const session =
      profile.sso_session === undefined ? {} : configSection(config, `sso-session ${profile.sso_session}`);
    const key = profile.sso_session ?? profile.sso_start_url;
    const ssoRegion = session.sso_region ?? profile.sso_region;
    if (key === undefined || ssoRegion === undefined)
      throw new UsageError(
        'your profile has to sign in with Identity Center: set AWS_PROFILE to one that aws configure sso has made',
      );
    const file = join(home, 'sso', 'cache', `${createHash('sha1').update(key).digest('hex')}.json`);
    const cached = tokenSchema.safeParse(parse(await readFile(file).catch(() => '')));
    if (!cached.success || Date.parse(cached.data.expiresAt) <= now().getTime()) throw new UsageError(SIGN_IN_AGAIN);
    return { token: cached.data.accessToken, region: env.AWS_REGION ?? profile.region ?? ssoRegion, ssoRegion };
  }
}

const SIGN_IN_AGAIN = 'you are not signed in at Identity Center, or no longer: aws sso login';

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
