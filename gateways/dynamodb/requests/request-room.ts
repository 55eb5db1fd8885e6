import type { AccessRequest } from '../../../core/model/request.ts';
import type { Room } from '../full-item.ts';

/** Limits in bytes. `LITTLE` is enough for most attributes: names, instants, words of people. */
const LITTLE = 2_500;
const MORE = 10_000;

/** Every stored attribute of a request has to be here: a missing one would be removed from a full item. Bytes. */
const ROOM: Readonly<Record<Exclude<keyof AccessRequest, 'id'> | 'voters' | 'joiners' | 'askedIn' | 'find', number>> = {
  state: LITTLE,
  requester: LITTLE,
  target: LITTLE,
  names: LITTLE,
  reason: MORE,
  ticket: LITTLE,
  durationSeconds: LITTLE,
  requestedAt: LITTLE,
  startsAt: LITTLE,
  endsAt: LITTLE,
  sessionSeconds: LITTLE,
  origin: LITTLE,
  about: MORE,
  ask: LITTLE,
  windowFrom: LITTLE,
  extends: LITTLE,
  held: LITTLE,
  accessId: LITTLE,
  accessStory: LITTLE,
  joins: MORE,
  events: 120_000,
  votes: MORE,
  claim: LITTLE,
  messages: MORE,
  mailed: MORE,
  // Two task tokens of about 1,000 characters each.
  tokens: MORE,
  breakGlass: LITTLE,
  refusal: LITTLE,
  grant: LITTLE,
  review: MORE,
  expiresAt: LITTLE,
  asked: MORE,
  approvalTiming: LITTLE,
  endingAt: LITTLE,
  removalTries: LITTLE,
  told: LITTLE,
  endedAt: LITTLE,
  sessionsCutAt: LITTLE,
  sessionsLeft: LITTLE,
  reportLines: MORE,
  path: LITTLE,
  endsWith: LITTLE,
  failure: LITTLE,
  decidedAt: LITTLE,
  accessVersion: LITTLE,
  voters: MORE,
  joiners: MORE,
  askedIn: LITTLE,
  find: MORE,
};

/** What a request that somebody has filled may keep: enough to bring it to its end, and to tell people of it. */
export const REQUEST_ROOM: Room = {
  of: (attribute) => new Map<string, number>(Object.entries(ROOM)).get(attribute),
  // Its readers need all of it. If it is absent, no approver was shown the request yet.
  isWhole: (attribute) => attribute === 'asked',
};
