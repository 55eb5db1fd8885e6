/** A target in an address of the console; fields that the address does not have are missing. */
export interface WantedTarget {
  readonly accountId?: string;
  readonly accountName?: string;
  readonly permissionSet?: string;
  readonly groupId?: string;
  readonly groupName?: string;
}

/** A page of the console, as its address names it. */
export type Route = { readonly title: string; readonly section: string } & (
  | { readonly page: 'home' | 'approvals' | 'policies' | 'drift' | 'system' }
  | { readonly page: 'audit'; readonly query: string }
  | { readonly page: 'request'; readonly wanted: WantedTarget }
  | { readonly page: 'detail'; readonly requestId: string }
);

/** The page that an address names; the home page for an unknown address. */
export function readRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?');
  if (path === '/request') {
    const wanted = Object.fromEntries(new URLSearchParams(query));
    return { page: 'request', title: 'Request access', section: '#/request', wanted };
  }
  if (path === '/approvals') return { page: 'approvals', title: 'Approvals', section: '#/approvals' };
  if (path === '/audit') return { page: 'audit', title: 'Audit', section: '#/audit', query };
  if (path === '/policies') return { page: 'policies', title: 'Policies', section: '#/policies' };
  if (path === '/drift') return { page: 'drift', title: 'Drift', section: '#/drift' };
  if (path === '/system') return { page: 'system', title: 'System', section: '#/system' };
  const requestId = /^\/requests\/([\w-]{1,100})$/.exec(path)?.[1];
  if (requestId !== undefined) return { page: 'detail', title: 'Request', section: '#/', requestId };
  return { page: 'home', title: 'Home', section: '#/' };
}

export function detailHref(requestId: string): string {
  return `#/requests/${requestId}`;
}

export function requestHref(wanted: WantedTarget): string {
  return `#/request?${new URLSearchParams({ ...wanted })}`;
}
