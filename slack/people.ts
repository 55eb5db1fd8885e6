import { arnName, isOperator } from '../core/model/actor-name.ts';
import { type AccessRequest, SYSTEM_ACTOR } from '../core/model/request.ts';
import { code, ID_LENGTH, listWords, mention } from './words/wording.ts';

/** Slack user ids by principal id, for people whom the request itself does not name. */
export type People = ReadonlyMap<string, string>;

/** Slack user ids of the people the request was shown to. */
export function peopleOf({ asked }: Pick<AccessRequest, 'asked'>): People {
  return new Map(Object.entries(asked?.slackIds ?? {}));
}

/** A message names and mentions at most this many people; the others are counted. */
const MOST_NAMED = 15;

const NOBODY: People = new Map();

/** The name in an ARN; `undefined` if the id is no ARN. */
function arnWords(id: string): string | undefined {
  const name = arnName(id);
  return name === undefined ? undefined : code(name, ID_LENGTH);
}

function operatorWords(id: string): string {
  const name = arnWords(id);
  return name === undefined ? 'an operator' : `the operator ${name}`;
}

/**
 * A person, named in an event or policy by principal id, Slack user id or `glasshammer`, as a message shows them: a
 * mention if the Slack user is known, else their user name, else the id.
 */
export function personWords(id: string, request: AccessRequest, people: People = NOBODY): string {
  if (id === SYSTEM_ACTOR) return 'Glasshammer';
  if (id === '') return 'somebody unknown';
  if (isOperator(id)) return operatorWords(id);
  const { requester, votes } = request;
  if (id === requester.principalId || id === requester.slackId) return requesterWords(request);
  const claimed = request.claim?.principalId === id ? request.claim.slackId : undefined;
  const slackId =
    people.get(id) ?? claimed ?? votes.find((vote) => vote.principalId === id || vote.slackId === id)?.slackId;
  if (slackId !== undefined && slackId !== '') return mention(slackId);
  // A person who voted or acted without Slack may have no known Slack user; their user name says more than an id.
  const name = request.events.find((event) => event.by === id && event.byName !== undefined)?.byName;
  return arnWords(id) ?? code(name ?? id, ID_LENGTH);
}

/** The requester as a message shows them. */
export function requesterWords({ requester }: AccessRequest): string {
  if (requester.slackId !== '') return mention(requester.slackId);
  return code(requester.userName || requester.principalId, ID_LENGTH) || 'somebody unknown';
}

/** Several people in one phrase, `a, b and 12 more`; `nobody` if there are none. */
export function peopleWords(
  ids: readonly string[],
  request: AccessRequest,
  people: People = NOBODY,
  conjunction = 'and',
): string {
  const named = ids.slice(0, MOST_NAMED).map((id) => personWords(id, request, people));
  const rest = ids.length - named.length;
  return listWords(rest > 0 ? [...named, `${rest} more`] : named, conjunction) || 'nobody';
}

/** Approvers or reviewers whom neither Slack nor a mail has reached. Empty if everybody was reached. */
export function untoldWords(request: AccessRequest, people: People = NOBODY): string {
  const { untold = [] } = request.asked ?? {};
  return untold.length === 0
    ? ''
    : `:warning: Not told, because nothing reaches them: ${peopleWords(untold, request, people)}.`;
}
