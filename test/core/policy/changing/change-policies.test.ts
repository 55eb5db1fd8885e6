import { createHash } from 'node:crypto';
import type { AccessItem } from '../../../../core/model/access-item.ts';
import type { Organization } from '../../../../core/policy/authoring/organization.ts';
import {
  acceptProposal,
  type ChangeServices,
  type Outcome,
  proposeChange,
} from '../../../../core/policy/changing/change-policies.ts';
import { judgeChange } from '../../../../core/policy/changing/judge-change.ts';
import { type Proposal, type ProposalStore, policiesHash } from '../../../../core/policy/changing/proposal.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const user = (name: string, email = `${name}@example.com`) => ({
  id: `user-${name}`,
  userName: name,
  displayName: name,
  email,
  enabled: true,
  groups: ['group-ops'],
});
const ACCOUNT = '123456789012';
const SET = 'arn:aws:sso:::permissionSet/ssoins-1/ps-1';
const organizationOf = (...users: Organization['users']): Organization => ({
  users,
  groups: [{ id: 'group-ops', name: 'Ops' }],
  accounts: [{ id: ACCOUNT, name: 'Production', ou: [], tags: {} }],
  permissionSets: [{ arn: SET, name: 'BreakGlassAdmin' }],
});

const allow = (name: string, who: readonly string[]) => ({
  name,
  effect: 'allow',
  who,
  accounts: [ACCOUNT],
  permissionSets: ['BreakGlassAdmin'],
});
const stored = (name: string, who: readonly string[]): AccessItem => {
  const { name: _name, ...fields } = allow(name, who);
  return { id: `policy#${name}`, ...fields };
};

class FakeProposals implements ProposalStore {
  readonly byId = new Map<string, Proposal>();
  written: readonly string[] = [];
  answer: Awaited<ReturnType<ProposalStore['accept']>> = 'accepted';
  async get(id: string) {
    return this.byId.get(id);
  }
  async open() {
    return [...this.byId.values()];
  }
  async put(proposal: Proposal) {
    if (this.byId.has(proposal.id)) return false;
    this.byId.set(proposal.id, proposal);
    return true;
  }
  async withdraw() {
    return true;
  }
  async accept(...[, , changes]: Parameters<ProposalStore['accept']>) {
    if (this.answer === 'accepted') this.written = changes.map(({ id }) => id);
    return this.answer;
  }
}

function world(users = [user('ana'), user('eva'), user('ben')], items: readonly AccessItem[] = []) {
  const proposals = new FakeProposals();
  const at = { now: new Date('2026-01-05T12:00:00.000Z') };
  const services: ChangeServices = {
    proposals,
    accessTable: { list: async () => [], policiesAndStrays: async () => items },
    organization: async () => organizationOf(...users),
    isGiven: (id) => id !== '999999999999',
    directory: {
      user: async (id) => users.find((one) => one.id === id),
      groupIdsOf: async (id) => users.find((one) => one.id === id)?.groups ?? [],
    },
    policyStore: { storeState: async () => ({ accessVersion: '1' }) },
    personas: { auditors: [], operators: ['group-ops'] },
    readPolicies: (text) => ({ entries: JSON.parse(text) as unknown[] }),
    sha256,
    now: () => at.now,
    expireAfterSeconds: 3600,
  };
  const operator = (name: string) => {
    const { id: principalId, userName, email } = users.find((one) => one.userName === name) ?? user(name);
    return { principalId, userName, email };
  };
  return { services, proposals, at, operator };
}

const TEXT = JSON.stringify([allow('one', ['user:ben'])]);
const reasonOf = (outcome: Outcome | undefined) => (outcome?.done === false ? outcome.refusal.reason : outcome?.done);

test('a proposal that is accepted in time is written; an expired one is not', async () => {
  for (const [seconds, expected] of [
    [3599, true],
    [3600, 'proposal-expired'],
  ] as const) {
    const { services, proposals, at, operator } = world();
    await proposeChange({ id: 'c', text: TEXT, note: '' }, operator('ana'), services);
    at.now = new Date(at.now.getTime() + seconds * 1000);
    expect(reasonOf(await acceptProposal('c', sha256(TEXT), operator('eva'), services))).toBe(expected);
    expect(proposals.written).toEqual(expected === true ? ['policy#one'] : []);
  }
});

test('nobody accepts their own proposal with a user of the same e-mail, or with one that a third user links to them', async () => {
  const twins = world([user('ana'), user('eva', 'Ana@example.com'), user('ben')]);
  await proposeChange({ id: 'c', text: TEXT, note: '' }, twins.operator('ana'), twins.services);
  expect(reasonOf(await acceptProposal('c', sha256(TEXT), twins.operator('eva'), twins.services))).toBe('own-proposal');

  const linked = world(
    [user('ana'), user('eva'), user('ben', 'eva@example.com')],
    [{ id: 'person#ana', principals: new Set(['user-ana', 'user-ben']) }],
  );
  await proposeChange({ id: 'c', text: TEXT, note: '' }, linked.operator('ana'), linked.services);
  expect(reasonOf(await acceptProposal('c', sha256(TEXT), linked.operator('eva'), linked.services))).toBe(
    'own-proposal',
  );
});

test('nobody accepts their own proposal with a linked user, even if the organization is too large to be read', async () => {
  const large = world(
    [user('ana'), user('eva'), user('ben', 'eva@example.com')],
    [{ id: 'person#ana', principals: new Set(['user-ana', 'user-ben']) }],
  );
  const services = { ...large.services, organization: async () => undefined };
  await proposeChange({ id: 'c', text: TEXT, note: '' }, large.operator('ana'), services);
  expect(reasonOf(await acceptProposal('c', sha256(TEXT), large.operator('eva'), services))).toBe('own-proposal');
});

test('a proposal cannot be accepted after its author was disabled or has stopped being an operator', async () => {
  const users = [user('ana'), user('eva'), user('ben')];
  const { services, proposals, operator } = world(users);
  await proposeChange({ id: 'c', text: TEXT, note: '' }, operator('ana'), services);
  for (const now of [
    { ...user('ana'), groups: [] },
    { ...user('ana'), enabled: false },
  ]) {
    users[0] = now;
    expect(reasonOf(await acceptProposal('c', sha256(TEXT), operator('eva'), services))).toBe('proposer-not-operator');
  }
  expect(proposals.written).toEqual([]);
});

test('a proposal is refused if somebody else changes the policies at the moment of the write', async () => {
  const { services, proposals, operator } = world();
  await proposeChange({ id: 'c', text: TEXT, note: '' }, operator('ana'), services);
  proposals.answer = 'changed';
  expect(reasonOf(await acceptProposal('c', sha256(TEXT), operator('eva'), services))).toBe('policies-changed');
});

test('proposing the same again returns the first proposal; another proposal under its id is rejected', async () => {
  const { services, operator } = world();
  const first = await proposeChange({ id: 'c', text: TEXT, note: '' }, operator('ana'), services);
  expect(await proposeChange({ id: 'c', text: TEXT, note: '' }, operator('ana'), services)).toEqual(first);
  expect(await proposeChange({ id: 'c', text: '[]', note: '' }, operator('ana'), services)).toBeUndefined();
  expect(await proposeChange({ id: 'c', text: TEXT, note: '' }, operator('eva'), services)).toBeUndefined();
});

describe('a change is judged', () => {
  const at = '2026-01-05T12:00:00.000Z';
  const around = {
    items: [stored('old', ['user:ana'])],
    records: [],
    organization: organizationOf(user('ana'), user('ben')),
    at,
    isGiven: () => true,
  };

  test('with who gains and loses what, in words', () => {
    const judged = judgeChange([allow('new', ['user:ben'])], undefined, around);
    expect(judged.refusal).toBeUndefined();
    expect(judged.plan).toEqual([
      '1 person (ben) gains BreakGlassAdmin in Production (123456789012), with no second person',
      '1 person (ana) loses BreakGlassAdmin in Production (123456789012), with no second person',
    ]);
    expect(judged.differences.map(({ name, kind }) => [name, kind])).toEqual([
      ['new', 'add'],
      ['old', 'remove'],
    ]);
  });

  test('and refused if it has more policies than one write takes', () => {
    const entries = Array.from({ length: 98 }, (_, n) => allow(`p${n}`, ['user:ben']));
    expect(judgeChange(entries.slice(1), undefined, { ...around, items: [] }).refusal).toBeUndefined();
    expect(judgeChange(entries, undefined, { ...around, items: [] }).refusal?.reason).toBe('too-many-policies');
  });

  test('with a warning if people and accounts could not be read in time', () => {
    const { findings, plan } = judgeChange([allow('new', ['user:nobody'])], undefined, {
      ...around,
      organization: undefined,
    });
    expect(findings.map(({ severity }) => severity)).toEqual(['warning']);
    expect(plan).toEqual([]);
  });
});

test('the order of policies, of fields and of names in a list does not change their hash', () => {
  const [one, two] = [stored('one', ['user:ana', 'user:ben']), stored('two', ['everyone'])];
  const again = { permissionSets: one.permissionSets, ...one, who: ['user:ben', 'user:ana'] };
  expect(policiesHash([one, two], sha256)).toBe(policiesHash([two, again], sha256));
  expect(policiesHash([one], sha256)).not.toBe(policiesHash([one, two], sha256));
});
