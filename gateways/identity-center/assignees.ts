import { ListInstancesCommand, paginateListAccountAssignments, SSOAdminClient } from '@aws-sdk/client-sso-admin';
import type { Now } from '../../core/access/ports.ts';
import type { Assignees, AssigneesPort } from '../../core/access/request/held-outside.ts';
import type { AssignmentTarget } from '../../core/model/target.ts';

/** As long as a person fills in a form; milliseconds. */
const KEEP_MS = 30_000;

/** More answers than this are forgotten together. */
const MOST_KEPT = 500;

/** Hundred to a page: more assignees of one set in one account than this are not looked through while somebody waits. */
const MOST_PAGES = 5;

/**
 * Asks Identity Center who is assigned what, once in half a minute for each target, whoever asks. By `ListAccountAssignments`:
 * `ListAccountAssignmentsForPrincipal` answers the management account alone.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_ListAccountAssignmentsForPrincipal.html
 */
export function createAssignees(options: {
  /** One that tries once: a throttled look is given up. */
  readonly client: SSOAdminClient;
  readonly instanceArn: string;
  readonly now: Now;
  /** Whoever waits is told without it after so long; milliseconds. */
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
      // What failed is kept as well: asking a throttled service again with every choice in a form would keep it throttled.
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
    if (pages >= MOST_PAGES) break;
  }
  return { users, groups };
}

/** The same for an operator, who has the time, with the credentials of the SDK's environment and the instance that these see. */
export function operatorsAssignees(now: Now): AssigneesPort {
  const client = new SSOAdminClient({});
  return {
    async assigneesOf(target) {
      try {
        const { Instances = [] } = await client.send(new ListInstancesCommand({}));
        const instanceArn = Instances[0]?.InstanceArn;
        if (instanceArn === undefined || Instances.length > 1) return undefined;
        return await createAssignees({ client, instanceArn, now, waitMs: 15_000 }).assigneesOf(target);
      } catch {
        return undefined;
      }
    },
  };
}
