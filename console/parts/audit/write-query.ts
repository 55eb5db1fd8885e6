import { readRoute } from '../route.ts';

/**
 * Writes the audit page's query into the address without adding an entry to the browser's history.
 *
 * @returns false where the browser refuses: Safari does after 100 writes within 30 seconds
 */
export function writeQuery(query: string): boolean {
  // During navigation the address is already the next page's, while the audit page is still shown.
  if (readRoute(location.hash).page !== 'audit') return true;
  try {
    history.replaceState(null, '', `#/audit${query === '' ? '' : `?${query}`}`);
    return true;
  } catch {
    return false;
  }
}
