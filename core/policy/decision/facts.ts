import type { AccessItem } from '../../model/access-item.ts';
import type { Question } from '../../model/decision.ts';
import type { Directory } from '../../model/directory.ts';
import type { PolicyBook } from '../records/policy-book.ts';
import { assess } from './assess.ts';
import { lookUp } from './look-up.ts';

/**
 * What a decision knows of the world beyond the policies: plain data, looked up live or taken from a directory file. A member
 * that is absent, or a key that is missing, is not known; `null` and empty say that there is no such thing.
 */
export interface Facts {
  readonly permissionSetName?: string | null;
  /** Name of the group asked for. */
  readonly groupName?: string | null;
  /** Organizational units of the account, from the root down to its own. */
  readonly ouPath?: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
  /** Groups in `who`, by name as written, to their id; `null`: no such group, or none the person is in. */
  readonly groupIds: ReadonlyMap<string, string | null>;
  /** Users in `who`, by user name or e-mail as written, to the ids of all users that have it. */
  readonly userIds: ReadonlyMap<string, readonly string[]>;
  /** Approvers as written (`user:…`, `group:…`) to the principal ids they stand for. */
  readonly approvers: ReadonlyMap<string, readonly string[]>;
  /** Principals that were looked up; `null`: no such user. Others are taken to be able to vote until they try. */
  readonly users: ReadonlyMap<string, { readonly enabled: boolean } | null>;
}

/** Knowing nothing. */
export const NO_FACTS: Facts = { groupIds: new Map(), userIds: new Map(), approvers: new Map(), users: new Map() };

/** What has to be looked up before a question can be decided; the next round of questions may depend on the answers. */
export interface FactsRequest {
  readonly permissionSetArn?: string;
  readonly groupId?: string;
  readonly ouPathOf?: string;
  readonly tagsOf?: string;
  /** Groups in `who`, by name. */
  readonly groupNames: readonly string[];
  /** The groups of the person: where they are fewer than `groupNames`, their names answer the same question in fewer calls. */
  readonly personGroupIds: readonly string[];
  readonly userNames: readonly string[];
  readonly approvers: readonly string[];
  /** Principals whose vote was cast: whether they exist and are enabled. */
  readonly voters: readonly string[];
  /** The most votes any path asks for: so many enabled approvers are looked for in a group, then no further. */
  readonly votesWanted: number;
  /** What is needed once these facts are known. */
  readonly next: (facts: Facts) => FactsRequest;
}

/**
 * What must be known to answer this question, and no more: nothing for policies that cannot be about the target or the person
 * by what they name literally, no approvers where nothing needs approval, and for a person with an access record nothing about
 * allow policies.
 *
 * @param known facts already at hand
 * @param thorough also what only an explanation needs: every policy that might be about the target
 */
export function factsNeeded(
  book: PolicyBook,
  records: readonly AccessItem[],
  question: Question,
  known: Facts = NO_FACTS,
  thorough = false,
): FactsRequest {
  const { needs } = assess(book, records, question, known, { thorough });
  return {
    ...needs,
    personGroupIds: question.person.groupIds,
    next: (facts) => factsNeeded(book, records, question, facts, thorough),
  };
}

/** Rounds a request can take: names, then access rules, then approvers, then those who voted; one to spare. */
const MAX_ROUNDS = 6;

/**
 * Looks up what was asked for, in parallel, and what follows from it. What is gone from the directory (a deleted group, user or
 * unit) is a fact like any other, so one stale policy does not break the others.
 *
 * @param options.checkAll look at every member of an approver group, where looking costs nothing
 * @throws whatever the directory throws: a decision without its facts is none
 */
export async function gatherFacts(
  request: FactsRequest,
  directory: Directory,
  options: { readonly known?: Facts; readonly checkAll?: boolean } = {},
): Promise<Facts> {
  let facts = options.known ?? NO_FACTS;
  let wanted = request;
  for (let round = 0; round < MAX_ROUNDS && !isEmpty(wanted); round++) {
    facts = await lookUp(wanted, facts, directory, options.checkAll ?? false);
    wanted = wanted.next(facts);
  }
  return facts;
}

/** True when nothing more has to be looked up. */
export function isEmpty(request: FactsRequest): boolean {
  const { permissionSetArn, groupId, ouPathOf, tagsOf, groupNames, userNames, approvers, voters } = request;
  return (
    [permissionSetArn, groupId, ouPathOf, tagsOf].every((single) => single === undefined) &&
    [groupNames, userNames, approvers, voters].every((list) => list.length === 0)
  );
}
