interface Named {
  readonly id: string;
  readonly name: string;
}

/** The target that the text of a message suggests. */
export interface Spotted {
  readonly account?: Named;
  readonly permissionSet?: { readonly name: string; readonly arn: string };
}

/**
 * The account and permission set that a message names, by id, within an ARN, or by name. It is only a suggestion, which
 * the person sees before sending. An id wins over a name, and a longer name over a shorter one that is part of it.
 */
export function spotTarget(
  words: string,
  known: {
    readonly accounts: readonly Named[];
    readonly permissionSets: readonly { readonly name: string; readonly arn: string }[];
  },
): Spotted {
  const account = spotAccount(words, known.accounts);
  const permissionSet =
    known.permissionSets.find(({ arn }) => words.includes(arn)) ??
    longestFirst(known.permissionSets).find(({ name }) => isNamed(words, name));
  return { account, permissionSet };
}

function spotAccount(words: string, accounts: readonly Named[]): Named | undefined {
  const byId = new Map(accounts.map((account) => [account.id, account]));
  // Twelve digits, with or without the dashes that the AWS console shows.
  for (const [found] of words.matchAll(/(?<!\d)\d{4}-?\d{4}-?\d{4}(?!\d)/g)) {
    const account = byId.get(found.replaceAll('-', ''));
    if (account !== undefined) return account;
  }
  return longestFirst(accounts).find(({ name }) => isNamed(words, name));
}

function longestFirst<T extends { readonly name: string }>(entries: readonly T[]): T[] {
  return [...entries].sort((a, b) => b.name.length - a.name.length);
}

/**
 * Is the name in the text as separate words, in any case? Under three letters it is too likely to mean something else.
 */
function isNamed(words: string, name: string): boolean {
  if (name.trim().length < 3) return false;
  const text = words.toLowerCase();
  const wanted = name.trim().toLowerCase();
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    const around = `${text[at - 1] ?? ' '}${text[at + wanted.length] ?? ' '}`;
    if (!/[\p{L}\p{N}]/u.test(around)) return true;
  }
  return false;
}
