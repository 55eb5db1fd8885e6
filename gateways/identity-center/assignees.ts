import { paginateListAccountAssignments, SSOAdminClient } from '@aws-sdk/client-sso-admin';
import type { Now } from '../../core/access/ports.ts';
import type { Assignees, AssigneesPort } from '../../core/access/request/held-outside.ts';
import type { AssignmentTarget } from '../../core/model/target.ts';
import { organizationInstance } from './organization-instance.ts';

/** About as long as a person takes to fill in a form. Milliseconds. */
const KEEP_MS = 30_000;

/** When this many answers are kept, all of them are forgotten. */
const MOST_KEPT = 500;

/**
 * A page has a hundred assignees. No more pages of one set in one account are read while a person waits: who is on the
 * next page is then unknown.
 */
const MOST_PAGES = 5;

/**
 * Asks Identity Center who is assigned a target, at most once in half a minute for each target. By
 * `ListAccountAssignments`, because `ListAccountAssignmentsForPrincipal` answers only in the management account.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_ListAccountAssignmentsForPrincipal.html
 */
export function createAssignees(options: {
  /** A client that tries once: a throttled call is given up. */
  readonly client: SSOAdminClient;
  readonly instanceArn: string;
  readonly now: Now;
  /** After this long the person is answered without it. Milliseconds. */
  readonly waitMs: number;
}): AssigneesPort {
  const kept = new Map<string, { readonly at: number; readonly answer: Promise<Assignees | undefined> }>();
  return {
    async assigneesOf(target) {
      const key = `${target.accountId} ${target.permissionSetArn}`;
      const at = options.now().getTime();
      const known = kept.get(key);
      if (known !== undefined && at - known.at < KEEP_MS) return known.answer;
      if (kept.size >= MOST_KEPT) kept.clear();
      // A failure is kept as well: asking a throttled service again at every choice in a form would keep it throttled.
      const answer = listed(options, target).catch(() => undefined);
      kept.set(key, { at, answer });
      return answer;
    },
  };
}

async function listed(
  { client, instanceArn, waitMs }: { readonly client: SSOAdminClient; instanceArn: string; waitMs: number },
  { accountId, permissionSetArn }: AssignmentTarget,
): Promise<Assignees | undefined> {
  const abortSignal = AbortSignal.timeout(waitMs);
  const users = new Set<string>();
  const groups = new Set<string>();
  let pages = 0;
  const input = { InstanceArn: instanceArn, AccountId: accountId, PermissionSetArn: permissionSetArn };
  for await (const page of paginateListAccountAssignments({ client, pageSize: 100 }, input, { abortSignal })) {
    for (const { PrincipalType, PrincipalId = '' } of page.AccountAssignments ?? [])
      (PrincipalType === 'GROUP' ? groups : users).add(PrincipalId);
    pages += 1;
    if (pages >= MOST_PAGES && page.NextToken !== undefined) return undefined;
  }
  return { users, groups };
}

/**
 * The same for an operator, who can wait longer: with the credentials of the SDK's environment, and the organization's
 * instance.
 */
export function operatorsAssignees(now: Now): AssigneesPort {
  const client = new SSOAdminClient({});
  return {
    async assigneesOf(target) {
      try {
        const { instanceArn } = await organizationInstance(client);
        return await createAssignees({ client, instanceArn, now, waitMs: 15_000 }).assigneesOf(target);
      } catch {
        return undefined;
      }
    },
  };
}
