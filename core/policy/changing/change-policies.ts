import type { Now, PolicyStore, Sha256 } from '../../access/ports.ts';
import { isOperator, type Personas } from '../../access/request/identity/personas.ts';
import type { AccessItem } from '../../model/access-item.ts';
import type { Directory } from '../../model/directory.ts';
import { type Refusal, refusal } from '../../model/refusal.ts';
import { ACCESS_PREFIX } from '../../model/stored-ids.ts';
import type { Organization } from '../authoring/organization.ts';
import type { AccessTableWriter } from '../authoring/ports.ts';
import { isOnePerson } from '../decision/one-person.ts';
import { personsAmong } from '../records/persons.ts';
import { recordKind } from '../records/record-kind.ts';
import { type JudgedChange, judgeChange, type Surroundings } from './judge-change.ts';
import { type Proposal, type ProposalStore, policiesHash } from './proposal.ts';

/** An operator whose identity was proven and looked up for this call. */
export interface Operator {
  readonly principalId: string;
  readonly userName: string;
  readonly email: string;
}

/** Parses a policy file into its entries, or says in a sentence what is wrong with it. */
export type ReadPolicies = (text: string) => { readonly entries: readonly unknown[] } | { readonly problem: string };

export interface ChangeServices {
  readonly proposals: ProposalStore;
  /** Only for reading: accepted changes are written by `proposals`. */
  readonly accessTable: Pick<AccessTableWriter, 'list' | 'policiesAndStrays'>;
  /** Returns `undefined` where the organization is too large to be read during a call. */
  readonly organization: () => Promise<Organization | undefined>;
  readonly isGiven: Surroundings['isGiven'];
  readonly directory: Pick<Directory, 'user' | 'groupIdsOf'>;
  readonly policyStore: Pick<PolicyStore, 'storeState'>;
  readonly personas: Personas;
  readonly readPolicies: ReadPolicies;
  readonly sha256: Sha256;
  readonly now: Now;
  /** How long a proposal can be accepted; seconds. */
  readonly expireAfterSeconds: number;
}

/** The change that an operator wants. */
export interface WantedChange {
  readonly text: string;
  readonly allowRemoving?: number | undefined;
}

export type Outcome =
  | { readonly done: true; readonly proposal: Proposal }
  | { readonly done: false; readonly refusal: Refusal; readonly judged?: JudgedChange };

/** What a change would do if it were made now. Writes nothing. */
export async function tryChange({ text, allowRemoving }: WantedChange, all: ChangeServices): Promise<JudgedChange> {
  return judged(text, allowRemoving, await surroundings(all), all);
}

/**
 * Proposes a change. Repeating a proposal under the same id returns the existing one.
 *
 * @returns `undefined` where the id is taken by a different proposal
 */
export async function proposeChange(
  { id, note, ...wanted }: WantedChange & { readonly id: string; readonly note: string },
  { principalId, userName }: Operator,
  all: ChangeServices,
): Promise<Outcome | undefined> {
  const known = await all.proposals.get(id);
  if (known !== undefined) return sameAs(known, wanted, principalId);
  const around = await surroundings(all);
  const { text, allowRemoving } = wanted;
  const change = judged(text, allowRemoving, around, all);
  if (change.refusal !== undefined) return { done: false, refusal: change.refusal, judged: change };
  const at = all.now();
  const proposal: Proposal = {
    id,
    principalId,
    userName,
    at: at.toISOString(),
    expiresAt: new Date(at.getTime() + all.expireAfterSeconds * 1000).toISOString(),
    text,
    base: policiesHash(policiesIn(around), all.sha256),
    note,
    allowRemoving,
    state: 'proposed',
  };
  if (await all.proposals.put(proposal, `${id}, sha256 ${all.sha256(text)}`)) return { done: true, proposal };
  const first = await all.proposals.get(id);
  return first === undefined ? undefined : sameAs(first, wanted, principalId);
}

function sameAs(known: Proposal, { text, allowRemoving }: WantedChange, principalId: string): Outcome | undefined {
  const isSame = known.principalId === principalId && known.text === text && known.allowRemoving === allowRemoving;
  return isSame ? { done: true, proposal: known } : undefined;
}

/** A proposal and what it would do if it were accepted now. */
export async function lookAtProposal(
  id: string,
  all: ChangeServices,
): Promise<{ readonly proposal: Proposal; readonly judged: JudgedChange; readonly isStale: boolean } | undefined> {
  const proposal = await all.proposals.get(id);
  if (proposal === undefined) return undefined;
  const around = await surroundings(all);
  const isStale = proposal.state === 'proposed' && isChanged(proposal, around, all);
  return { proposal, judged: judged(proposal.text, proposal.allowRemoving, around, all), isStale };
}

/** Withdraws a proposal; any operator may. Repeating it is harmless. */
export async function withdrawProposal(id: string, operator: Operator, note: string, all: ChangeServices) {
  const proposal = await all.proposals.get(id);
  if (proposal === undefined) return no('unknown-proposal');
  if (proposal.state === 'proposed') {
    const decided = decidedBy(operator, all);
    if (await all.proposals.withdraw(id, decided, [id, note].filter((text) => text !== '').join(': ')))
      return { done: true, proposal: { ...proposal, state: 'withdrawn', decided } } satisfies Outcome;
  }
  return whatBecameOf(id, 'withdrawn', operator, all);
}

/**
 * Accepts another operator's proposal and writes it. Of the stored proposal only its author and its text are used: both
 * operators are looked up again, the text is checked again, and each record must be unchanged since it was read.
 *
 * @param textHash SHA-256 of the text that the accepting operator has looked at
 */
export async function acceptProposal(
  id: string,
  textHash: string,
  operator: Operator,
  all: ChangeServices,
): Promise<Outcome> {
  const proposal = await all.proposals.get(id);
  if (proposal === undefined) return no('unknown-proposal');
  if (all.sha256(proposal.text) !== textHash) return no('other-text');
  if (proposal.state !== 'proposed') return whatBecameOf(id, 'accepted', operator, all);
  if (proposal.expiresAt <= all.now().toISOString()) return no('proposal-expired');
  const around = await surroundings(all);
  if (await isByOperator(proposal, operator, around, all)) return no('own-proposal');
  if (!(await isStillOperator(proposal, all))) return no('proposer-not-operator');
  if (isChanged(proposal, around, all)) return no('policies-changed');
  const change = judged(proposal.text, proposal.allowRemoving, around, all);
  if (change.refusal !== undefined) return { done: false, refusal: change.refusal, judged: change };
  const decided = decidedBy(operator, all);
  const changes = change.differences.map((difference) => difference.change);
  const written = await all.proposals.accept(id, decided, changes, {
    type: 'policy-pushed',
    at: decided.at,
    by: operator.principalId,
    ids: changes.map((one) => one.id),
    note: `${id}, proposed by ${proposal.principalId} (${proposal.userName}), accepted by ${operator.principalId} (${operator.userName}), sha256 ${textHash}`,
  });
  if (written === 'changed') return no('policies-changed');
  if (written === 'over') return whatBecameOf(id, 'accepted', operator, all);
  return { done: true, proposal: { ...proposal, state: 'accepted', decided } };
}

/** The result for a closed proposal. It counts as done where the same operator made the same decision. */
async function whatBecameOf(
  id: string,
  wanted: Proposal['state'],
  { principalId }: Operator,
  { proposals }: ChangeServices,
): Promise<Outcome> {
  const proposal = await proposals.get(id);
  if (proposal === undefined) return no('unknown-proposal');
  const { state, decided } = proposal;
  if (state === wanted && decided?.principalId === principalId) return { done: true, proposal };
  return no('proposal-over', `${state} by ${decided?.userName ?? 'somebody'}`);
}

/** Is the accepting operator the person who proposed, possibly with another Identity Center user? */
function isByOperator(
  { principalId }: Proposal,
  operator: Operator,
  { items, organization }: Surroundings,
  { directory }: ChangeServices,
): Promise<boolean> {
  // The list of users may be minutes old, so the proposer is left out of it and looked up again.
  const others = organization?.users.filter(({ id }) => id !== principalId) ?? [];
  const users = new Map(others.map((user) => [user.id, user]));
  return isOnePerson({ principalId }, operator, { persons: personsAmong(items), users }, directory);
}

async function isStillOperator({ principalId }: Proposal, all: ChangeServices): Promise<boolean> {
  const user = await all.directory.user(principalId);
  if (user?.enabled !== true) return false;
  const [groupIds, state] = await Promise.all([
    all.directory.groupIdsOf(principalId),
    all.policyStore.storeState(principalId),
  ]);
  return isOperator({ groupIds }, all.personas) && state.locked === undefined;
}

function isChanged({ base }: Proposal, around: Surroundings, { sha256 }: ChangeServices): boolean {
  return policiesHash(policiesIn(around), sha256) !== base;
}

function policiesIn({ items }: Surroundings): readonly AccessItem[] {
  return items.filter(({ id }) => recordKind(id) === 'policy');
}

function judged(text: string, allowRemoving: number | undefined, around: Surroundings, all: ChangeServices) {
  const read = all.readPolicies(text);
  if ('entries' in read) return judgeChange(read.entries, allowRemoving, around);
  const findings = [{ severity: 'error', text: read.problem }] as const;
  return { findings, differences: [], plan: [], refusal: refusal('policy-errors', read.problem) };
}

async function surroundings({ accessTable, organization, now, isGiven }: ChangeServices): Promise<Surroundings> {
  const [items, records, people] = await Promise.all([
    accessTable.policiesAndStrays(),
    accessTable.list(ACCESS_PREFIX),
    organization(),
  ]);
  return { items, records, organization: people, at: now().toISOString(), isGiven };
}

function decidedBy({ principalId, userName }: Operator, { now }: ChangeServices) {
  return { principalId, userName, at: now().toISOString() };
}

function no(...why: Parameters<typeof refusal>): { readonly done: false; readonly refusal: Refusal } {
  return { done: false, refusal: refusal(...why) };
}
