import type { Api } from './client.ts';

/**
 * Reads every page of a table and gives it to the person as one file.
 *
 * @param path with its query
 * @returns how many rows it has, without the heading
 */
export async function exportTo(fileName: string, path: string, api: Api): Promise<number> {
  const parts: string[] = [];
  let rows = 0;
  let cursor: string | null = null;
  do {
    const page = new URLSearchParams({ limit: '100', ...(cursor === null ? {} : { cursor }) });
    const { text, nextCursor } = await api.getText(`${path}${path.includes('?') ? '&' : '?'}${page}`);
    // Each page has the heading; a heading has no line break in it.
    const body = text.slice(text.indexOf('\r\n') + 2);
    parts.push(parts.length === 0 ? text : body);
    rows += rowsIn(body);
    cursor = nextCursor;
  } while (cursor !== null);
  const address = URL.createObjectURL(new Blob(parts, { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(address);
  return rows;
}

/** Line breaks that end a row; those within quotes are part of a text. */
function rowsIn(text: string): number {
  return text.replace(/"[^"]*"/g, '').split('\r\n').length - 1;
}
