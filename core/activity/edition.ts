/**
 * Which report of an access this is: `first` soon after the end, `final` once everything can be read, an addendum when
 * a later look finds something new.
 * The number of an addendum is that of its look at CloudTrail. Most looks find nothing and send nothing.
 */
export type Edition = 'first' | 'final' | `addendum-${number}`;

/** Parses the name of an edition; `undefined` if the text is not one. */
export function readEdition(text: string): Edition | undefined {
  if (text === 'first' || text === 'final') return text;
  const number = /^addendum-([1-9]\d{0,3})$/.exec(text)?.[1];
  return number === undefined ? undefined : `addendum-${Number(number)}`;
}

/** The edition of a report. A report without one is final: that holds for final reports and for old ones. */
export function editionOf({ edition = 'final' }: { readonly edition?: Edition }): Edition {
  return edition;
}

/** The edition as people read it: `first edition`, `final edition`, `addendum`. */
export function editionName(edition: Edition): string {
  return edition === 'first' || edition === 'final' ? `${edition} edition` : 'addendum';
}
