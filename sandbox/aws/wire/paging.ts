import { validationError } from './aws-error.ts';

/** One page of a list, and the token for the next page. */
export interface Page<T> {
  items: T[];
  nextToken?: string;
}

/**
 * Returns one page of a list. Tokens are opaque and belong to one kind of list: a token of another list is refused, as
 * in AWS.
 *
 * @throws AwsError ValidationException, or the error that `fail` makes, for a size out of bounds or a token of another
 * list.
 */
export function page<T>(
  kind: string,
  list: readonly T[],
  request: { size: number | undefined; token: string | undefined; maximum: number; fail?: (message: string) => Error },
): Page<T> {
  const fail = request.fail ?? validationError;
  const size = request.size ?? request.maximum;
  if (!Number.isInteger(size) || size < 1 || size > request.maximum)
    throw fail(`MaxResults must be between 1 and ${request.maximum}`);
  const start = request.token === undefined ? 0 : readToken(kind, request.token);
  if (start === undefined) throw fail('Invalid NextToken');
  const items = list.slice(start, start + size);
  const end = start + items.length;
  return end < list.length ? { items, nextToken: writeToken(kind, end) } : { items };
}

function writeToken(kind: string, offset: number): string {
  return Buffer.from(`${kind}/${offset}`).toString('base64url');
}

function readToken(kind: string, token: string): number | undefined {
  const [, found, offset] = /^(.+)\/(\d+)$/.exec(Buffer.from(token, 'base64url').toString()) ?? [];
  return found === kind ? Number(offset) : undefined;
}
