import { MalformedItemError } from '../../../core/model/errors.ts';
import type { Vote } from '../../../core/model/request.ts';
import { voteId } from '../../../core/model/stored-ids.ts';
import { type Item, Update, written } from '../conditional.ts';

/*
 * The votes on one request are one item, which only ever grows: one read returns all of them, so that none can be
 * hidden by leaving it out of a list. A role that may write requests may not write this item.
 */

/** Adds a vote, if its principal has not voted before; to be sent in one transaction with the change of the request. */
export function voteUpdate(TableName: string, requestId: string, vote: Vote) {
  const update = new Update()
    .set('requestId', requestId)
    .append('votes', [vote], [])
    .add('voters', new Set([vote.principalId]));
  update.when(`NOT contains(${update.name('voters')}, ${update.value(vote.principalId)})`);
  return { TableName, Key: { id: voteId(requestId) }, ...written(update) };
}

/** Reads the stored votes of a request. @throws MalformedItemError when they are not what this program writes */
export function votesIn(item: Item | undefined): readonly Vote[] {
  if (item === undefined) return [];
  const { votes } = item;
  if (!Array.isArray(votes) || !votes.every(isVote))
    throw new MalformedItemError(`the votes in ${String(item.id)} cannot be read`);
  return votes;
}

function isVote(value: unknown): value is Vote {
  const vote = value as Partial<Vote> | null;
  return typeof vote?.principalId === 'string' && (vote.vote === 'approve' || vote.vote === 'deny');
}
