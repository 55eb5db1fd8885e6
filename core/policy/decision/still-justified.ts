import type { AccessItem } from '../../model/access-item.ts';
import { type EndsWith, type Person, type RequestInput, unaskedInput } from '../../model/decision.ts';
import type { Target } from '../../model/target.ts';
import { describeHours, isOpen } from '../records/hours.ts';
import type { AllowPolicy } from '../records/policy.ts';
import type { PolicySet } from '../records/policy-set.ts';
import { evaluate } from './evaluate.ts';
import type { Facts } from './known-facts.ts';
import { matchTarget, matchWho } from './rules/matching.ts';

/** Access that a person has now, and what it was given for. */
export interface LiveAccess {
  readonly person: Person;
  readonly target: Target;
  /** The policy (by name) or access record (by id) that gave it. */
  readonly path: string;
  /** What ends it early, as its policy said when it was given. */
  readonly endsWith: readonly EndsWith[];
}

/** `unknown`: a fact could not be looked up, so the access stays and is checked again later. */
export type Justification =
  | { readonly holds: 'yes' | 'unknown' }
  | {
      readonly holds: 'no';
      readonly because: EndsWith;
      /** The explanation for the person. */
      readonly sentence: string;
    };

/** The request input for which `factsNeeded` has to run before `stillJustified`. @param at ISO 8601 */
export function inputOfLive({ person, target }: LiveAccess, at: string): RequestInput {
  return unaskedInput(person, target, at);
}

/**
 * Is this access still justified? It ends early only for what its policy names in `endsWith`. Votes, reason, ticket and
 * length were evaluated when it was given and are not evaluated again.
 *
 * @param at ISO 8601
 */
export function stillJustified(
  access: LiveAccess,
  policySet: PolicySet,
  records: readonly AccessItem[],
  facts: Facts,
  at: string,
): Justification {
  const name = access.person.userName || access.person.principalId;
  const { endsWith, path } = access;
  if (endsWith.length === 0) return { holds: 'yes' };

  const { matcher, denials, unreadable, undecided } = evaluate(policySet, records, inputOfLive(access, at), facts);
  const policy = policySet.policies.find((one): one is AllowPolicy => one.effect === 'allow' && one.name === path);
  const target = policy === undefined ? 'no' : matchTarget(policy.scope, matcher).match;
  if (endsWith.includes('policy')) {
    const isLost = policy === undefined && policySet.unreadable.some((one) => one.name === path);
    if (isLost) return no('policy', `policy "${path}" cannot be read any more, so it allows nothing`);
    if (target === 'no') return no('policy', `policy "${path}" no longer allows this`);
    if (denials[0] !== undefined) return no('policy', `policy "${denials[0].name}" forbids this now`);
    if (unreadable[0] !== undefined)
      return no('policy', `policy "${unreadable[0].name}" cannot be read and might forbid this`);
  }
  const who = policy === undefined ? 'yes' : matchWho(policy.scope.who, matcher, true).match;
  if (endsWith.includes('membership') && who === 'no')
    return no('membership', `policy "${path}" is not for ${name} any more`);
  const hours = policy?.scope.hours;
  if (endsWith.includes('hours') && hours !== undefined && !isOpen(hours, matcher.at))
    return no('hours', `policy "${path}" allows it only ${describeHours(hours)}`);
  const open = [
    endsWith.includes('policy') && (target === 'unknown' || undecided.length > 0),
    endsWith.includes('membership') && who === 'unknown',
  ];
  return { holds: open.includes(true) ? 'unknown' : 'yes' };
}

function no(because: EndsWith, sentence: string): Justification {
  return { holds: 'no', because, sentence };
}
