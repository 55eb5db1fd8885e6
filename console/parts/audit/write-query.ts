import { readRoute } from '../route.ts';

/**
 * Writes into the address what the list of all requests is narrowed by; it is no step for the browser's back.
 *
 * @returns whether the address has it: a browser may refuse for a while, as Safari does after 100 times in 30 seconds
 */
export function writeQuery(query: string): boolean {
  // Whoever is on the way to another page has its address already, before the page is there.
  if (readRoute(location.hash).page !== 'audit') return true;
  try {
    history.replaceState(null, '', `#/audit${query === '' ? '' : `?${query}`}`);
    return true;
  } catch {
    return false;
  }
}
