import type { AccessItem } from '../../model/access-item.ts';
import type { HeldByOthers, HeldFacts, RequestInput } from '../../model/decision.ts';
import type { Directory } from '../../model/directory.ts';
import type { PolicySet } from '../records/policy-set.ts';
import { factsNeeded, gatherFacts } from './facts.ts';
import { type Facts, NO_FACTS } from './known-facts.ts';
import { peopleIn } from './people.ts';

/** Looks up what is and was held of one target. */
export interface HoldLookup {
  /** Holds of the requesting user. */
  readonly own: HeldFacts | Promise<HeldFacts>;
  /** Holds of these users, who belong to the same person. */
  of(principalIds: readonly string[]): Promise<HeldByOthers>;
}

/**
 * Looks up what a decision depends on: the facts, and the holds of the person's other users. Records say which users
 * these are; a user that the facts show to have the same e-mail counts as well. For a person with one user, nothing
 * more is read.
 *
 * @throws the errors of the directory and the table, because no decision is made without its facts
 */
export async function gatherWithHolds(
  asked: {
    readonly policySet: PolicySet;
    readonly records: readonly AccessItem[];
    readonly requestInput: RequestInput;
    readonly held?: HoldLookup | undefined;
  },
  directory: Directory,
  options: { readonly thorough?: boolean; readonly checkAll?: boolean } = {},
): Promise<{ readonly requestInput: RequestInput; readonly facts: Facts }> {
  const { policySet, records, held } = asked;
  const { person } = asked.requestInput;
  const own = await held?.own;
  let requestInput: RequestInput = own === undefined ? asked.requestInput : { ...asked.requestInput, held: own };
  let facts: Facts = NO_FACTS;
  const looked = new Set<string>();
  const unseen = () =>
    peopleIn(policySet.persons, person, facts)
      .othersOf(person.principalId)
      .filter((id) => !looked.has(id));
  do {
    const ids = unseen();
    for (const id of ids) looked.add(id);
    if (held !== undefined && own !== undefined && ids.length > 0) {
      requestInput = {
        ...requestInput,
        held: { ...own, others: together(requestInput.held?.others, await held.of(ids)) },
      };
    }
    // Holds found in this round may rule out one path, and another path may need further facts.
    const request = factsNeeded(policySet, records, requestInput, facts, options.thorough);
    facts = await gatherFacts(request, directory, { known: facts, checkAll: options.checkAll ?? false });
  } while (unseen().length > 0);
  return { requestInput, facts };
}

function together(one: HeldByOthers | undefined, other: HeldByOthers): HeldByOthers {
  return {
    lasting: [...(one?.lasting ?? []), ...other.lasting],
    past: [...(one?.past ?? []), ...other.past],
  };
}

/** Combines the holds of several users into the holds of a person's other users. */
export function heldByAll(users: readonly HeldFacts[]): HeldByOthers {
  return {
    lasting: users.flatMap(({ current }) => (current === undefined ? [] : [current])),
    past: users.flatMap(({ past }) => past),
  };
}
