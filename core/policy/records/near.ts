/** Do two words differ by at most two letters added, left out or changed? Case does not count. */
export function isNear(a: string, b: string): boolean {
  const [left, right] = [[...a.toLowerCase()], [...b.toLowerCase()]];
  if (Math.abs(left.length - right.length) > 2) return false;
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const change = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return (row[right.length] ?? 0) <= 2;
}

/** `; did you mean SRE?` where one of the names is near the written one; otherwise empty. */
export function didYouMean(written: string, names: Iterable<string>): string {
  for (const name of names)
    if (name !== '' && name.toLowerCase() === written.toLowerCase()) return `; did you mean ${name}?`;
  for (const name of names)
    if (Math.min(name.length, written.length) > 4 && isNear(name, written)) return `; did you mean ${name}?`;
  return '';
}
