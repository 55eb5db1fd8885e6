import type { AccessItem } from '../../model/access-item.ts';
import type { CastVote, Decision, HeldFacts, Person } from '../../model/decision.ts';
import type { Directory } from '../../model/directory.ts';
import type { TargetNames } from '../../model/request.ts';
import type { Target } from '../../model/target.ts';
import { decide } from '../../policy/decision/decide.ts';
import { factsNeeded, gatherFacts } from '../../policy/decision/facts.ts';
import { recordIdsFor } from '../../policy/records/access-records.ts';
import { type PolicyBook, parsePolicyBook } from '../../policy/records/policy-set.ts';
import type { AccessBook, Controls } from '../ports.ts';

/** What is held against the policies. */
export interface Ask {
  readonly person: Person;
  readonly target: Target;
  readonly names: TargetNames;
  readonly durationSeconds: number;
  readonly reason: string;
  readonly ticket: string;
  /** ISO 8601; when access would start. */
  readonly at: string;
  readonly votes: readonly CastVote[];
  /** How long the request has waited for approvers, in seconds: escalation adds approvers with time. */
  readonly waitedSeconds?: number;
  /** The request did not break the glass, so a break-glass policy must not let it in quietly. */
  readonly withoutBreakGlass?: boolean;
  /** What the person holds and has held of the target. */
  readonly held?: HeldFacts;
}

export interface DecideServices {
  readonly book: AccessBook;
  readonly directory: Directory;
  /** The longest access anybody gets, in seconds. */
  readonly maxDurationSeconds: number;
}

export interface DecidedAsk {
  readonly decision: Decision;
  readonly controls: Controls;
}

/**
 * Holds an ask against today's records and policies. The one way a decision is made: by the form, the request, a click of an
 * approver and the grant alike. Reads the access table by key and the policies at most once per version of the table.
 *
 * @throws whatever the table or the directory throws; the caller refuses or retries, and never grants
 */
export async function decideAsk(ask: Ask, services: DecideServices): Promise<DecidedAsk> {
  const ids = recordIdsFor(ask.target, ask.names.permissionSetName ?? '', ask.person.principalId, ask.person.groupIds);
  const [{ records, controls }, leasedGroupIds] = await Promise.all([
    services.book.read(ids),
    leasedGroupsOf(ask.person, services.directory),
  ]);
  const book = parsedBook(await services.book.policies(controls.accessVersion));
  const question = {
    person: { ...ask.person, leasedGroupIds },
    target: ask.target,
    durationSeconds: ask.durationSeconds,
    reason: ask.reason,
    ticket: ask.ticket,
    at: ask.at,
    votes: ask.votes,
    waitedSeconds: ask.waitedSeconds ?? 0,
    withoutBreakGlass: ask.withoutBreakGlass ?? false,
    maxDurationSeconds: services.maxDurationSeconds,
    names: ask.names,
    ...(ask.held === undefined ? {} : { held: ask.held }),
  };
  const facts = await gatherFacts(factsNeeded(book, records, question), services.directory);
  return { decision: decide(book, records, question, facts), controls };
}

/** Ids of the groups a person is in only because Glasshammer gave it. @throws whatever the table throws */
export async function leasedGroupsOf(
  { principalId, groupIds }: Person,
  { givenMemberships }: Directory,
): Promise<readonly string[]> {
  const given = await givenMemberships?.(groupIds.map((groupId) => ({ principalId, groupId })));
  return given?.map(({ groupId }) => groupId) ?? [];
}

/** Parsed policies per list of items as read, so that a container parses each version of the table once. */
const parsedBooks = new WeakMap<readonly AccessItem[], PolicyBook>();

export function parsedBook(items: readonly AccessItem[]): PolicyBook {
  const known = parsedBooks.get(items);
  if (known !== undefined) return known;
  const book = parsePolicyBook(items);
  parsedBooks.set(items, book);
  return book;
}
