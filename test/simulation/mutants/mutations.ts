import type { Mutant } from '../parts/world.ts';
import { isFinalReport } from '../watch/final-report.ts';
import type { Invariant } from '../watch/invariants.ts';
import { cutWith, overwriting, shortLived, unsaid, unwaited, unwritten } from './cut-mutants.ts';
import {
  appendNothing,
  appendTwice,
  believing,
  blind,
  changeRequest,
  credentialsForgotten,
  deaf,
  expectNothing,
  firstEndOnly,
  grantWith,
  impatient,
  NOT_SENT,
  neverEnforcing,
  noRemovalsKnown,
  oneVoteIsEnough,
  revokeWith,
  uncompared,
  unkept,
  unlimitedJoins,
  unlisted,
  withoutDenies,
} from './mutants.ts';
import { forgetful, withoutNo } from './request-mutants.ts';

/** A build that is broken on purpose, and the invariant that has to notice. */
export interface Mutation {
  readonly what: string;
  readonly breaks: Invariant;
  readonly mutant: Mutant;
  /** The seed to begin with: its history noticed the mutation when this was written. */
  readonly firstSeed: number;
}

/**
 * Each mutation takes away one thing that the promises rest on, by wrapping what the functions use; the source stays as
 * it is. Other invariants may break, too, but the one named has to.
 */
export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'late-grants-forgotten': {
    what: 'The revoke leaves nothing behind by which the sweep looks for what an unfinished grant may still make.',
    breaks: 1,
    firstSeed: 11,
    mutant: {
      handlers: { 'revoke-access': revokeWith(({ leases }) => ({ leases: { ...leases, release: leases.forget } })) },
    },
  },
  'no-sweep-no-rule': {
    what: 'Neither the sweep nor the rule for stopped workflows is deployed.',
    breaks: 1,
    firstSeed: 2,
    mutant: { withoutSweep: true, withoutRule: true },
  },
  'revoke-ignores-errors': {
    what: 'The revoke takes any error of the removal for success, and does not look.',
    breaks: 7,
    firstSeed: 961,
    mutant: { handlers: { 'revoke-access': revokeWith((all) => ({ assignments: deaf(all.assignments) })) } },
  },
  'no-standing-check': {
    what: 'Nobody looks whether the assignment was there before.',
    breaks: 2,
    firstSeed: 3,
    mutant: { handlers: { 'grant-access': grantWith((all) => ({ assignments: blind(all.assignments) })) } },
  },
  'gifts-unheard': {
    what: 'Nobody listens when somebody else makes an assignment that a lease of ours holds.',
    breaks: 2,
    firstSeed: 38,
    mutant: { handlers: { 'watch-assignments': async () => ({ outcome: 'own', told: 0 }) } },
  },
  'denies-ignored': {
    what: 'Denies and freezes are not seen.',
    breaks: 3,
    firstSeed: 35,
    mutant: { onlooker: () => ({ answered: (call, { body }) => withoutDenies(call, body) }) },
  },
  'one-vote-is-enough': {
    what: 'One vote is enough, whatever the policy asks for.',
    breaks: 3,
    firstSeed: 24,
    mutant: { onlooker: () => ({ answered: (call, { body }) => oneVoteIsEnough(call, body) }) },
  },
  'no-unheard': {
    what: 'Who says no to a request is not heard.',
    breaks: 3,
    firstSeed: 30,
    mutant: { onlooker: () => ({ answered: (call, { body }) => withoutNo(call, body) }) },
  },
  'requests-believed': {
    what: 'The grant believes what a request says of its own approval.',
    breaks: 3,
    firstSeed: 50,
    mutant: { handlers: { 'grant-access': grantWith(believing('approved', 'scheduled')) } },
  },
  'memory-lost': {
    what: 'The revoke goes by the request table alone, whatever the workflow remembers that it made.',
    breaks: 1,
    firstSeed: 162,
    mutant: { handlers: { 'revoke-access': forgetful } },
  },
  'event-twice': {
    what: 'A change of a request appends its event twice.',
    breaks: 4,
    firstSeed: 1,
    mutant: { onlooker: () => ({ arriving: (call) => changeRequest(call, appendTwice) }) },
  },
  'event-lost': {
    what: 'A change of a request leaves its event out.',
    breaks: 4,
    firstSeed: 1,
    mutant: { onlooker: () => ({ arriving: (call) => changeRequest(call, appendNothing) }) },
  },
  'no-condition': {
    what: 'A change of a request does not state which state it expects.',
    breaks: 4,
    firstSeed: 5,
    mutant: { onlooker: () => ({ arriving: (call) => changeRequest(call, expectNothing) }) },
  },
  'archive-skipped': {
    what: 'The archive takes no event and says it did.',
    breaks: 4,
    firstSeed: 1,
    mutant: { handlers: { 'audit-to-archive': async () => ({ batchItemFailures: [] }) } },
  },
  'report-unsent': {
    what: 'A report that the mail service did not take is noted as sent.',
    breaks: 5,
    firstSeed: 1,
    mutant: {
      onlooker: () => ({
        arriving: ({ operation }) => (operation === 'sesv2:SendEmail' ? NOT_SENT : undefined),
      }),
    },
  },
  'final-edition-unsent': {
    what: 'The first edition of a report goes out, and the final one is noted as sent and is not.',
    breaks: 5,
    firstSeed: 5,
    mutant: { onlooker: () => ({ arriving: (call) => (isFinalReport(call) ? NOT_SENT : undefined) }) },
  },
  'credentials-forgotten': {
    what: 'The report forgets that credentials outlive the access, and its final edition does not wait for them.',
    breaks: 5,
    firstSeed: 8,
    mutant: { onlooker: () => ({ answered: (call, { body }) => credentialsForgotten(call, body) }) },
  },
  'late-clicks-count': {
    what: 'A click or a clean-up changes a request that is at its end.',
    breaks: 6,
    firstSeed: 11,
    mutant: { onlooker: () => ({ arriving: (call) => changeRequest(call, expectNothing) }) },
  },
  'announced-early': {
    what: 'An assignment that is being made counts as made.',
    breaks: 7,
    firstSeed: 5,
    mutant: { onlooker: () => ({ answered: (call, { body }) => impatient(call, body, 'Creation') }) },
  },
  'ended-early': {
    what: 'An assignment that is being removed counts as removed, without a look.',
    breaks: 7,
    firstSeed: 5,
    mutant: {
      onlooker: () => ({ answered: (call, { body }) => impatient(call, body, 'Deletion') ?? unlisted(call, body) }),
    },
  },
  'dead-workflows-forgotten': {
    what: 'Nobody looks after a request whose workflow died: no sweep, no rule.',
    breaks: 8,
    firstSeed: 1,
    mutant: { withoutSweep: true, withoutRule: true },
  },
  'extensions-unheard': {
    what: 'The workflow goes by the end of the first request, whatever has been added to it.',
    breaks: 9,
    firstSeed: 65,
    mutant: { handlers: { 'grant-access': grantWith(firstEndOnly) } },
  },
  'losses-unheard': {
    what: 'Nobody listens when somebody else removes an assignment of ours.',
    breaks: 10,
    firstSeed: 144,
    mutant: { handlers: { 'watch-assignments': async () => ({ outcome: 'own', told: 0 }) } },
  },
  'joins-unlimited': {
    what: 'What joins an access makes it last longer than its policy allows.',
    breaks: 11,
    firstSeed: 3,
    mutant: { handlers: { 'grant-access': grantWith(unlimitedJoins) } },
  },
  'drift-left': {
    what: 'The sweep never removes what the drift rules say it must.',
    breaks: 10,
    firstSeed: 407,
    mutant: { onlooker: () => ({ arriving: (call) => neverEnforcing(call) }) },
  },
  'made-unheard': {
    what: 'Nothing is kept of what CloudTrail tells that our roles have made.',
    breaks: 1,
    firstSeed: 150,
    mutant: { onlooker: () => ({ arriving: (call) => unkept(call, 'made#') }) },
  },
  'restored-uncompared': {
    what: 'The rule for stopped workflows is missing, and nobody compares the executions with a restored table.',
    breaks: 1,
    firstSeed: 4770,
    mutant: { withoutRule: true, onlooker: () => ({ arriving: (call) => uncompared(call) }) },
  },
  'taken-forgotten': {
    what: 'Nothing is kept of what CloudTrail tells that somebody has taken away.',
    breaks: 7,
    firstSeed: 4125,
    mutant: { onlooker: () => ({ arriving: (call) => unkept(call, 'made#', 'goneAt') }) },
  },
  'gifts-forgotten': {
    what: 'Nothing is kept, beside the lease, of what CloudTrail tells that somebody else has given.',
    breaks: 2,
    firstSeed: 92,
    mutant: { onlooker: () => ({ arriving: (call) => unkept(call, 'made#', 'theirsAt') }) },
  },
  'removed-forgotten': {
    what: 'The revoke does not ask whether an earlier try of its own has removed the assignment.',
    breaks: 2,
    firstSeed: 22111,
    mutant: { onlooker: () => ({ answered: (call) => noRemovalsKnown(call) }) },
  },
  'cut-unsaid': {
    what: 'That nobody can cut the sessions of a request is written into it without an event.',
    breaks: 4,
    firstSeed: 5,
    mutant: { handlers: { 'cut-sessions': cutWith(unsaid) } },
  },
  'cut-unwritten': {
    what: 'A cut of sessions is believed to be in force without being read back from IAM.',
    breaks: 12,
    firstSeed: 19,
    mutant: { handlers: { 'cut-sessions': cutWith(unwritten) } },
  },
  'cut-overwrites': {
    what: 'A cut of sessions takes no notice of the entries that are there.',
    breaks: 12,
    firstSeed: 39,
    mutant: { handlers: { 'cut-sessions': cutWith(overwriting) } },
  },
  'cut-margin-unwaited': {
    what: 'A new grant does not wait until the margin of the cut before it is over.',
    breaks: 12,
    firstSeed: 7,
    mutant: { handlers: { 'cut-sessions': cutWith(unwaited) } },
  },
  'cut-forgotten-early': {
    what: 'An entry goes when its margin is over, not when its sessions have run out.',
    breaks: 12,
    firstSeed: 39,
    mutant: { handlers: { 'cut-sessions': cutWith(shortLived) } },
  },
};
