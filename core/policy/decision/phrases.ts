/** `1 approval`, `2 approvals`. */
export function votes(count: number): string {
  return count === 1 ? '1 approval' : `${count} approvals`;
}
