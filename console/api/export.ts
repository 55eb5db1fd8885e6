import type { Api } from './client.ts';

/** How long the browser may take to begin the download. Milliseconds. */
const KEEP_MS = 60_000;

/**
 * Reads every page of a CSV table and downloads them to the person's browser as one file.
 *
 * @param path with its query
 * @returns the number of rows, without the heading
 */
export async function exportTo(fileName: string, path: string, api: Api): Promise<number> {
  const parts: string[] = [];
  let rows = 0;
  let cursor: string | null = null;
  do {
    const page = new URLSearchParams({ limit: '100', ...(cursor === null ? {} : { cursor }) });
    const { text, nextCursor } = await api.getText(`${path}${path.includes('?') ? '&' : '?'}${page}`);
    // Each page begins with the heading, which has no line break in it. Only the first page's heading is kept.
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
  // Some browsers read the file only after `click` has returned.
  setTimeout(() => URL.revokeObjectURL(address), KEEP_MS);
  return rows;
}

/** Counts the line breaks that end a row. Line breaks within quotes belong to a field. */
function rowsIn(text: string): number {
  return text.replace(/"[^"]*"/g, '').split('\r\n').length - 1;
}
