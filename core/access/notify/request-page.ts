/** The address of a request's page in the console. @param consoleUrl without a trailing slash */
export function requestPage(consoleUrl: string, requestId: string): string {
  return `${consoleUrl}/#/requests/${encodeURIComponent(requestId)}`;
}

/** The address of a page for auditors and operators only. @param consoleUrl without a trailing slash */
export function consolePage(consoleUrl: string, page: 'drift' | 'policies'): string {
  return `${consoleUrl}/#/${page}`;
}
