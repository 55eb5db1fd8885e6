/**
 * Version of the stored data in both tables, as this version of the program reads and writes it. It grows only when an
 * older program would misread new data; added fields do not count. The release that raises it describes how in
 * docs/upgrading.md, and writes the number into the item `SCHEMA_ID` of the request table.
 */
export const SCHEMA_VERSION = 1;

/**
 * What is wrong with the schema version stored in the tables; `undefined` where this program supports it. Tables
 * without the item are of version 1. A value that is no positive integer is treated as newer.
 */
export function unknownSchema(item: { readonly version?: unknown } | undefined): string | undefined {
  if (item === undefined) return undefined;
  const { version } = item;
  if (typeof version === 'number' && Number.isInteger(version) && version >= 1 && version <= SCHEMA_VERSION)
    return undefined;
  return `the tables are of version ${String(version)}, and this version of Glasshammer knows ${SCHEMA_VERSION}: deploy the newer one again`;
}
