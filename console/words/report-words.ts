/** The name of an edition of the report. An edition that this page does not know is shown by its own name. */
export function editionWords(edition: string): string {
  if (edition === 'first') return 'First edition';
  if (edition === 'final') return 'Final edition';
  return edition.startsWith('addendum') ? 'Addendum' : edition;
}

/** The kinds of calls in a report, in words. */
export const KIND_WORDS: Readonly<Record<string, string>> = {
  write: 'Write',
  refused: 'Refused',
  failed: 'Failed',
  read: 'Read',
  'sign-in': 'Sign-in',
};
