import * as z from 'zod';
import type { PortalSession } from '../../aws/identity-center/permission-set-roles.ts';
import { fetchCredentials, type PortalRole, useCredentials } from '../../aws/identity-center/portal.ts';
import { fetchRecords, useRecords } from '../../aws/identity-center/portal-trail.ts';
import { recordActivity } from '../../aws/trail/trail.ts';
import type { Sandbox } from '../sandbox.ts';

const action = z
  .string()
  .regex(/^[a-z0-9-]+:[A-Za-z]+$/, 'must be an action such as s3:ListAllMyBuckets')
  .default('s3:ListAllMyBuckets');

/** Either the role to fetch credentials for, or the access key id of credentials fetched before. */
export const portalUseSchema = z.union([
  z.object({ credentials: z.object({ accessKeyId: z.string().min(1) }), action }),
  z.object({
    principalId: z.string().min(1),
    accountId: z.string().min(1),
    permissionSetArn: z.string().min(1),
    action,
  }),
]);

/** Credentials as the access portal shows them to a person. */
export interface ShownCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** ISO 8601. */
  readonly issuedAt: string;
  readonly expiration: string;
}

export interface PortalUse {
  /** The credentials the call was made with; `null` where the portal offers none. */
  readonly credentials: ShownCredentials | null;
  readonly allowed: boolean;
  readonly why: string;
}

/**
 * Acts as a person in the access portal: fetches credentials, or uses those fetched before, and makes one call with
 * them.
 */
export function usePortal(sandbox: Sandbox, input: z.output<typeof portalUseSchema>): PortalUse {
  const { world, clock } = sandbox;
  const nowMs = clock.nowMs();
  const known = 'credentials' in input ? world.portalSessions[input.credentials.accessKeyId] : undefined;
  const session = 'credentials' in input ? known : fetchCredentials(world, input, nowMs);
  if (session === undefined) {
    const why =
      'credentials' in input
        ? 'The security token included in the request is invalid.'
        : 'The access portal does not offer this account and permission set to this person: nothing is assigned.';
    return { credentials: null, allowed: false, why };
  }
  const use = useCredentials(world, session, input.action, nowMs);
  const records = [
    ...(known === undefined ? fetchRecords(world, session) : []),
    ...useRecords(world, session, input.action, use, nowMs),
  ];
  for (const record of records) sandbox.hearOf(recordActivity(world, record, () => sandbox.newId()));
  return { credentials: shown(session), allowed: use.allowed, why: use.why };
}

/**
 * Fetches credentials for a role in the portal, without using them; `undefined` where the portal does not offer the
 * role to the person.
 */
export function fetchInPortal(sandbox: Sandbox, role: PortalRole): ShownCredentials | undefined {
  const { world, clock } = sandbox;
  const session = fetchCredentials(world, role, clock.nowMs());
  if (session === undefined) return undefined;
  for (const record of fetchRecords(world, session))
    sandbox.hearOf(recordActivity(world, record, () => sandbox.newId()));
  return shown(session);
}

/** The portal's sessions that have not expired, newest first. */
export function liveSessions(sandbox: Sandbox) {
  const { world, clock } = sandbox;
  return Object.values(world.portalSessions)
    .filter(({ expiresAtMs }) => expiresAtMs > clock.nowMs())
    .reverse()
    .map((session) => ({
      principalId: session.principalId,
      accountId: session.accountId,
      permissionSetArn: session.permissionSetArn,
      credentials: shown(session),
    }));
}

function shown({ accessKeyId, issuedAtMs, expiresAtMs }: PortalSession): ShownCredentials {
  return {
    accessKeyId,
    secretAccessKey: `sandbox-secret-of-${accessKeyId}`,
    sessionToken: `sandbox-session-of-${accessKeyId}`,
    issuedAt: new Date(issuedAtMs).toISOString(),
    expiration: new Date(expiresAtMs).toISOString(),
  };
}
