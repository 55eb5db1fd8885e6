/**
 * Version of what is stored in both tables, as this version of the program reads and writes it. It grows only where an older version
 * would misread what a newer one has written; fields that are added do not count. The release that raises it says in
 * docs/upgrading.md how, and writes the item `SCHEMA_ID` of the request table with the number.
 */
export const SCHEMA_VERSION = 1;

/**
 * What is wrong with the version that the tables say they have; `undefined` where this program knows it. Tables that say none
 * are of version 1. A number that is none may be anything, and is taken for newer.
 */
export function unknownSchema(item: { readonly version?: unknown } | undefined): string | undefined {
  if (item === undefined) return undefined;
  const { version } = item;
  if (typeof version === 'number' && Number.isInteger(version) && version >= 1 && version <= SCHEMA_VERSION)
    return undefined;
  return `the tables are of version ${String(version)}, and this version of Glasshammer knows ${SCHEMA_VERSION}: deploy the newer one again`;
}
