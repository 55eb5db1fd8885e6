import { callsIn } from '../classify/aggregate/digest.ts';
import type { StoredReport } from '../ports.ts';
import { isPortalRead } from '../read/portal.ts';
import { counted, instant } from './render/wording.ts';

/** What Identity Center's own events add if no call and no sign-in was found. */
export interface PortalFindings {
  /** `credentials were fetched at …`; absent if no fetch is known. */
  readonly fetched?: string;
  /** What is not known, as a sentence. */
  readonly gap?: string;
  /** What was read, as a sentence. */
  readonly limit?: string;
}

/** Says whether credentials were fetched, if no call and no sign-in shows that the requester signed in. */
export function portalFindings({ plan, reading, digest }: StoredReport): PortalFindings {
  const { portal } = reading;
  const signedIn = callsIn(digest) > 0 || digest.counts['sign-in'] > 0;
  if (signedIn || plan.unreadable !== undefined) return {};
  const { count = 0, first = '', last = '' } = portal?.fetched ?? {};
  const more = count > 1 ? ` (${counted(count, 'time')}, last at ${instant(last)})` : '';
  const fetched = count === 0 ? {} : { fetched: `credentials were fetched at ${instant(first)}${more}` };
  const where = plan.identityCenter;
  if (portal !== undefined && where !== undefined && isPortalRead(reading)) {
    // A malformed record may be such a fetch.
    const isNone = count === 0 && (portal.malformed ?? 0) === 0;
    const none = isNone ? ' No credentials were fetched there for this account and permission set.' : '';
    return {
      ...fetched,
      ...(portal.malformed === undefined
        ? {}
        : { gap: `${counted(portal.malformed, 'record')} of Identity Center could not be understood.` }),
      limit: `Sign-ins in the access portal were read from account ${where.accountId}, ${where.region}.${none}`,
    };
  }
  const why = portal?.stopped ?? 'Reading did not come to it.';
  const at = where === undefined ? '' : ` (account ${where.accountId}, ${where.region})`;
  return {
    ...fetched,
    gap: `Whether ${count === 0 ? '' : 'more '}credentials were fetched in the access portal is not known: Identity Center's own events${at} could not be read. ${why}`,
  };
}
