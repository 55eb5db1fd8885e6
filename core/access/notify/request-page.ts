/** The address of a request's page in the console. @param consoleUrl without a slash at the end */
export function requestPage(consoleUrl: string, requestId: string): string {
  return `${consoleUrl}/#/requests/${encodeURIComponent(requestId)}`;
}

/** The address of a page that only auditors and operators have. @param consoleUrl without a slash at the end */
export function consolePage(consoleUrl: string, page: 'drift' | 'policies'): string {
  return `${consoleUrl}/#/${page}`;
}
