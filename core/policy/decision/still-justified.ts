import type { AccessItem } from '../../model/access-item.ts';
import type { Person, Question } from '../../model/decision.ts';
import type { Target } from '../../model/target.ts';
import { describeHours, isOpen } from '../records/hours.ts';
import type { AllowPolicy, EndsWith } from '../records/policy.ts';
import type { PolicyBook } from '../records/policy-book.ts';
import { assess } from './assess.ts';
import type { Facts } from './known-facts.ts';
import { matchTarget, matchWho } from './matching.ts';

/** Access that somebody has, and what it was given for. */
export interface LiveAccess {
  readonly person: Person;
  readonly target: Target;
  /** Name of the policy, or id of the access record, it was granted by. */
  readonly path: string;
  /** What `endsWith` of that policy said when access was granted: a policy that is gone can no longer say it. */
  readonly endsWith: ReadonlySet<EndsWith>;
}

/** `unknown`: something could not be found out, so nothing ends for it; ask again. */
export type Justification =
  | { readonly holds: 'yes' | 'unknown' }
  | {
      readonly holds: 'no';
      readonly because: 'person-gone' | 'person-disabled' | EndsWith;
      /** What the person is told. */
      readonly sentence: string;
    };

/** The question whose facts (`factsNeeded`) `stillJustified` wants. */
export function questionOfLive({ person, target }: LiveAccess, at: string): Question {
  return { person, target, durationSeconds: 0, reason: '', ticket: '', at, votes: [] };
}

/**
 * Does what justified this access still hold? Whoever is gone or disabled holds nothing any more; all else ends access only where
 * its policy said so, with `endsWith`. Votes, reason, ticket and length were judged when access was granted, and are not again.
 *
 * @param user the person as the directory has them now: `null` for nobody
 * @param at ISO 8601
 */
export function stillJustified(
  access: LiveAccess,
  user: { readonly enabled: boolean } | null,
  book: PolicyBook,
  records: readonly AccessItem[],
  facts: Facts,
  at: string,
): Justification {
  const name = access.person.userName || access.person.principalId;
  if (user === null) return no('person-gone', `User ${name} is no longer in Identity Center.`);
  if (!user.enabled) return no('person-disabled', `User ${name} is disabled.`);
  const { endsWith } = access;
  if (endsWith.size === 0) return { holds: 'yes' };

  const { matcher, denials, unreadable, undecided } = assess(book, records, questionOfLive(access, at), facts);
  const policy = book.policies.find((one): one is AllowPolicy => one.effect === 'allow' && one.name === access.path);
  const target = policy === undefined ? 'no' : matchTarget(policy.scope, matcher).match;
  const bar = denials[0] ?? unreadable[0];
  if (endsWith.has('policy') && target === 'no') return no('policy', `Policy "${access.path}" no longer allows this.`);
  if (endsWith.has('policy') && bar !== undefined) return no('policy', `Policy "${bar.name}" forbids this now.`);
  const who = policy === undefined ? 'yes' : matchWho(policy.scope.who, matcher, true).match;
  if (endsWith.has('membership') && who === 'no')
    return no('membership', `Policy "${access.path}" is not for ${name} any more.`);
  const hours = policy?.scope.hours;
  if (endsWith.has('hours') && hours !== undefined && !isOpen(hours, matcher.at))
    return no('hours', `Policy "${access.path}" allows it only ${describeHours(hours)}.`);
  const open = [
    endsWith.has('policy') && (target === 'unknown' || undecided.length > 0),
    endsWith.has('membership') && who === 'unknown',
  ];
  return { holds: open.includes(true) ? 'unknown' : 'yes' };
}

function no(because: (Justification & { readonly holds: 'no' })['because'], sentence: string): Justification {
  return { holds: 'no', because, sentence };
}
