import type { AccessItem } from '../../model/access-item.ts';
import type { HeldByOthers, HeldFacts, RequestInput } from '../../model/decision.ts';
import type { Directory } from '../../model/directory.ts';
import type { PolicySet } from '../records/policy-set.ts';
import { factsNeeded, gatherFacts } from './facts.ts';
import { type Facts, NO_FACTS } from './known-facts.ts';
import { peopleIn } from './people.ts';

/** What is held and was held of one target, as it is looked up. */
export interface HeldLook {
  /** By the user who asks. */
  readonly own: HeldFacts | Promise<HeldFacts>;
  /** By these users, who are the same person. */
  of(principalIds: readonly string[]): Promise<HeldByOthers>;
}

/**
 * Looks up what a decision goes by: the facts, and what the person holds with other users of theirs. A record says who these are; where
 * the facts that are needed anyway show another one, by its e-mail, that one counts, too. Of somebody with one user nothing more is read.
 *
 * @throws whatever the directory or the table throws: a decision without its facts is none
 */
export async function gatherWithHolds(
  asked: {
    readonly policySet: PolicySet;
    readonly records: readonly AccessItem[];
    readonly requestInput: RequestInput;
    readonly held?: HeldLook | undefined;
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
    // What is held may close one way, and another wants facts of its own.
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

/** What several users hold, as what one person holds with users other than the one who asks. */
export function heldByAll(users: readonly HeldFacts[]): HeldByOthers {
  return {
    lasting: users.flatMap(({ current }) => (current === undefined ? [] : [current])),
    past: users.flatMap(({ past }) => past),
  };
}
