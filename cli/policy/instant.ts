/** An instant as somebody wrote it, with its zone, in ISO 8601 and UTC; `undefined` for anything else. */
export function readInstant(text: string): string | undefined {
  const withZone = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/.test(text);
  const at = new Date(text);
  return withZone && !Number.isNaN(at.getTime()) ? at.toISOString() : undefined;
}
