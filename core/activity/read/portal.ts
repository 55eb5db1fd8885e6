import * as z from 'zod/mini';
import { ActivityUnreadableError, TooDenseError } from '../../model/errors.ts';
import { oneLine } from '../../model/text.ts';
import { jsonOf, wholeSeconds } from '../classify/call.ts';
import type { ActivitySource } from '../ports.ts';
import type { ReportPlan } from './plan.ts';
import type { PortalLook, Reading } from './progress.ts';

/**
 * The events that Identity Center records in its own account when a user fetches credentials for the command line, and
 * when a user signs in to the console of an account.
 */
const TAKEN_UP = ['GetRoleCredentials', 'Federate'] as const;

/** The most pages of these events, 50 events each, of the whole organization. A first edition has to be out soon. */
const MOST_PAGES = 1000;
const MOST_PAGES_AT_FIRST = 150;
const PAGES_PER_ROUND = 2;
const MOST_FAILURES = 10;

const text = z.optional(z.nullable(z.string()));

/** Events as AWS writes them since July 2025: the user id alone says who it was. */
const eventSchema = z.object({
  eventTime: z.string(),
  eventName: z.string(),
  eventID: text,
  errorCode: text,
  userIdentity: z.optional(z.nullable(z.object({ onBehalfOf: z.optional(z.nullable(z.object({ userId: text }))) }))),
  serviceEventDetails: z.optional(z.nullable(z.object({ account_id: text, role_name: text }))),
});

/** Is there something left to read in the account of Identity Center? */
export function isPortalOpen({ portal }: Reading): boolean {
  return portal !== undefined && portal.stopped === undefined && portal.done < TAKEN_UP.length;
}

/** Were the events read to the end? Only then may a report say that nobody signed in. */
export function isPortalRead({ portal }: Reading): boolean {
  return portal !== undefined && portal.done >= TAKEN_UP.length;
}

/** The state before anything is read. */
export function beginPortal(): PortalLook {
  return { done: 0, pages: 0, fetched: { count: 0, first: '', last: '' } };
}

/**
 * Reads the next pages of Identity Center's events, and counts how often the requester fetched credentials or signed in
 * with this permission set in this account between the grant and the end. Changes `portal`, which stays where it was
 * when a page fails. After too many failures in a row, whatever the errors, reading is given up, and the report says
 * why.
 *
 * @returns what went wrong, for the workflow to wait
 */
export async function readPortal(
  portal: PortalLook,
  {
    requestId,
    plan,
    source,
  }: { readonly requestId: string; readonly plan: ReportPlan; readonly source: ActivitySource },
): Promise<readonly unknown[]> {
  const { identityCenter } = plan;
  if (identityCenter === undefined) return [];
  try {
    for (let page = 0; page < PAGES_PER_ROUND; page += 1) {
      const eventName = TAKEN_UP[portal.done];
      if (eventName === undefined) return [];
      const answer = await source.page({
        requestId,
        ...identityCenter,
        by: { eventName },
        from: plan.from,
        until: plan.sessionsUntil ?? plan.to,
        ...(portal.token === undefined ? {} : { token: portal.token }),
      });
      for (const record of answer.records) note(portal, record, plan);
      portal.pages += 1;
      delete portal.failures;
      delete portal.token;
      if (answer.next === undefined) portal.done += 1;
      else if (portal.pages >= (plan.finalAt === undefined ? MOST_PAGES : MOST_PAGES_AT_FIRST)) {
        portal.stopped = TOO_MANY;
        return [];
      } else portal.token = answer.next;
    }
    return [];
  } catch (error) {
    if (error instanceof ActivityUnreadableError || error instanceof TooDenseError) {
      portal.stopped = error instanceof TooDenseError ? TOO_MANY : error.message;
      return [];
    }
    portal.failures = (portal.failures ?? 0) + 1;
    if (portal.failures >= MOST_FAILURES) {
      const name = oneLine(error instanceof Error ? error.name : 'an unknown error', 80);
      portal.stopped = `Looking was given up after ${portal.failures} errors in a row (${name}).`;
    }
    return [error];
  }
}

const TOO_MANY = 'There were too many sign-ins of everybody to look all of them through.';

function note(portal: PortalLook, record: unknown, plan: ReportPlan): void {
  const parsed = eventSchema.safeParse(typeof record === 'string' ? jsonOf(record) : record);
  const at = parsed.success ? wholeSeconds(parsed.data.eventTime) : '';
  if (!parsed.success || at === '') {
    portal.malformed = (portal.malformed ?? 0) + 1;
    return;
  }
  const { userIdentity, serviceEventDetails, errorCode } = parsed.data;
  // An event with an error fetched no credentials.
  if (userIdentity?.onBehalfOf?.userId !== plan.principalId || (errorCode ?? '') !== '' || at < plan.from) return;
  const { account_id: accountId, role_name: roleName } = serviceEventDetails ?? {};
  if ((accountId || plan.accountId) !== plan.accountId) return;
  if ((roleName || plan.permissionSetName) !== plan.permissionSetName) return;
  // The event is the requester's but does not say for which account or role, so it may be about this access.
  if (!accountId || !roleName) {
    portal.malformed = (portal.malformed ?? 0) + 1;
    return;
  }
  const { fetched } = portal;
  fetched.count += 1;
  if (fetched.first === '' || at < fetched.first) fetched.first = at;
  if (at > fetched.last) fetched.last = at;
}
