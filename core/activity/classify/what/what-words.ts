/** The first three values, and how many more there are. */
export function several(values: readonly string[]): string {
  const shown = values.slice(0, 3).join(', ');
  return values.length > 3 ? `${shown} and ${values.length - 3} more` : shown;
}

/** Joins the parts that are not empty. */
export function joinedBy(between: string, ...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(between);
}
