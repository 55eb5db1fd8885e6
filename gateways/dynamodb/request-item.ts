import { MalformedItemError } from '../../core/model/errors.ts';
import type { AccessRequest, SentMessage } from '../../core/model/request.ts';
import type { Item } from './conditional.ts';

/** Name of the index that lists requests (and lease items) by state, oldest end first. */
export const BY_STATE_INDEX = 'by-state';

/**
 * The stored form of a request. Messages are a map, so that one role in one channel has one entry whoever writes first; an
 * empty `endsAt` is left out, because an index key may not be empty.
 */
export function toItem(request: AccessRequest): Item {
  const { messages, endsAt, ...rest } = request;
  return {
    ...rest,
    ...(endsAt === '' ? {} : { endsAt }),
    messages: Object.fromEntries(messages.map((message) => [messageKey(message), message])),
  };
}

/** The key of a message within its request. */
export function messageKey(message: SentMessage): string {
  return `${message.role}:${message.channel}`;
}

/**
 * Reads a stored request.
 *
 * @throws MalformedItemError when the item is not a request this version wrote
 */
export function fromItem(item: Item): AccessRequest {
  const request = item as unknown as AccessRequest & {
    messages?: Record<string, SentMessage>;
    voters?: unknown;
    joiners?: unknown;
  };
  if (typeof request.id !== 'string' || typeof request.state !== 'string' || !Array.isArray(request.events)) {
    throw new MalformedItemError(`request item ${String(item.id)} has no state or no events`);
  }
  const { voters: _voters, joiners: _joiners, ...rest } = request;
  return { ...rest, endsAt: request.endsAt ?? '', messages: Object.values(request.messages ?? {}) };
}
