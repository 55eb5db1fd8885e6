import * as z from 'zod/mini';
import { ActivityUnreadableError, TooDenseError } from '../../model/errors.ts';
import { oneLine } from '../../model/text.ts';
import { jsonOf, wholeSeconds } from '../classify/call.ts';
import type { ActivitySource } from '../ports.ts';
import type { ReportPlan } from './plan.ts';
import type { PortalLook, Reading } from './progress.ts';

/**
 * What Identity Center records in its own account when somebody takes up a permission set: credentials fetched for the command line, and
 * a sign-in to the account's console.
 */
const TAKEN_UP = ['GetRoleCredentials', 'Federate'] as const;

/** Of the whole organization, 50 a page; a first edition has to be out soon. */
const MOST_PAGES = 1000;
const MOST_PAGES_AT_FIRST = 150;
const PAGES_PER_ROUND = 2;
const MOST_FAILURES = 10;

const text = z.optional(z.nullable(z.string()));

/** Shapes as AWS writes them since July 2025: the person's id alone says who it was. */
const eventSchema = z.object({
  eventTime: z.string(),
  eventName: z.string(),
  eventID: text,
  errorCode: text,
  userIdentity: z.optional(z.nullable(z.object({ onBehalfOf: z.optional(z.nullable(z.object({ userId: text }))) }))),
  serviceEventDetails: z.optional(z.nullable(z.object({ account_id: text, role_name: text }))),
});

/** Is there something left to look up in the account of Identity Center? */
export function isPortalOpen({ portal }: Reading): boolean {
  return portal !== undefined && portal.stopped === undefined && portal.done < TAKEN_UP.length;
}

/** Was it looked at to the end? Only then may be said that nobody signed in. */
export function isPortalRead({ portal }: Reading): boolean {
  return portal !== undefined && portal.done >= TAKEN_UP.length;
}

/** Nothing looked up yet. */
export function beginPortal(): PortalLook {
  return { done: 0, pages: 0, fetched: { count: 0, first: '', last: '' } };
}

/**
 * Looks the next pages up in the account of Identity Center, and notes when this person took up this permission set in this account
 * between the grant and the end. Changes `portal`, which stays where it was when a page fails. What fails again and again, whatever the
 * error, is given up with the reason: the report says so.
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
  // Credentials that were refused were not fetched.
  if (userIdentity?.onBehalfOf?.userId !== plan.principalId || (errorCode ?? '') !== '' || at < plan.from) return;
  const { account_id: accountId, role_name: roleName } = serviceEventDetails ?? {};
  if ((accountId || plan.accountId) !== plan.accountId) return;
  if ((roleName || plan.permissionSetName) !== plan.permissionSetName) return;
  // Theirs, and nobody knows for what: it may have been for this access.
  if (!accountId || !roleName) {
    portal.malformed = (portal.malformed ?? 0) + 1;
    return;
  }
  const { fetched } = portal;
  fetched.count += 1;
  if (fetched.first === '' || at < fetched.first) fetched.first = at;
  if (at > fetched.last) fetched.last = at;
}
