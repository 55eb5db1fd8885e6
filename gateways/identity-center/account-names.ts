import { type OrganizationsClient, paginateListAccounts } from '@aws-sdk/client-organizations';
import type { Now } from '../../core/access/ports.ts';

/** Names are only shown: a renamed account may keep its old name this long. Milliseconds. */
const KEEP_MS = 5 * 60_000;

/** The active accounts that Glasshammer may give access to, for people to choose from. */
export function createAccountNames(options: {
  readonly client: OrganizationsClient;
  readonly isGiven: (accountId: string) => boolean;
  readonly now: Now;
}): () => Promise<readonly { readonly id: string; readonly name: string }[]> {
  let kept: { readonly at: number; readonly accounts: readonly { id: string; name: string }[] } | undefined;
  return async () => {
    const now = options.now().getTime();
    if (kept !== undefined && now - kept.at < KEEP_MS) return kept.accounts;
    const accounts: { id: string; name: string }[] = [];
    for await (const page of paginateListAccounts({ client: options.client }, {})) {
      for (const account of page.Accounts ?? []) {
        const active = (account.State ?? account.Status) === 'ACTIVE';
        if (account.Id !== undefined && active && options.isGiven(account.Id))
          accounts.push({ id: account.Id, name: account.Name ?? account.Id });
      }
    }
    kept = { at: now, accounts: accounts.sort((a, b) => a.name.localeCompare(b.name)) };
    return kept.accounts;
  };
}
