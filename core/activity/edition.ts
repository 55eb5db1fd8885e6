/**
 * Which report of an access it is: soon after the end, once everything can be read, or later, where something has come to light since.
 * An addendum is numbered by the looks at CloudTrail, of which most find nothing and send nothing.
 */
export type Edition = 'first' | 'final' | `addendum-${number}`;

/** The edition a text names; `undefined` where it names none. */
export function readEdition(text: string): Edition | undefined {
  if (text === 'first' || text === 'final') return text;
  const number = /^addendum-([1-9]\d{0,3})$/.exec(text)?.[1];
  return number === undefined ? undefined : `addendum-${Number(number)}`;
}

/** The edition of a report; those made before there were several are final. */
export function editionOf({ edition = 'final' }: { readonly edition?: Edition }): Edition {
  return edition;
}

/** How people call it: `first edition`, `final edition`, `addendum`. */
export function editionName(edition: Edition): string {
  return edition === 'first' || edition === 'final' ? `${edition} edition` : 'addendum';
}
