import {
  type OfferServices,
  offerAccounts,
  offerPermissionSets,
} from '../../../../../core/access/request/target/offer-access.ts';
import type { AccessItem } from '../../../../../core/model/access-item.ts';
import type { Directory } from '../../../../../core/model/directory.ts';
import { directoryOf } from '../../../../../core/policy/authoring/organization.ts';

const ARN = 'arn:aws:sso:::permissionSet/ssoins-12345';
const SETS = [
  { name: 'Admin', arn: `${ARN}/ps-admin` },
  { name: 'Read', arn: `${ARN}/ps-read` },
];
const ACCOUNTS = [
  { id: '111111111111', name: 'Production' },
  { id: '222222222222', name: 'Staging' },
  { id: '333333333333', name: 'Sandbox' },
];
const ANA = { principalId: 'user-ana', userName: 'ana@example.com', email: 'ana@example.com', groupIds: ['group-sre'] };

const POLICIES: AccessItem[] = [
  {
    id: 'policy#prod',
    effect: 'allow',
    who: ['group:SRE'],
    accounts: ['ou:ou-prod'],
    permissionSets: ['Read'],
    approval: { approvers: ['group:Leads'] },
  },
  { id: 'policy#stop', effect: 'deny', who: ['everyone'], accounts: ['333333333333'] },
];

/** @param broken a directory of which nothing can be read */
function services(options: { broken?: boolean; secondsPerLook?: number } = {}): OfferServices & { looks: string[] } {
  const organization = directoryOf({
    users: [],
    groups: [{ id: 'group-sre', name: 'SRE' }],
    accounts: ACCOUNTS.map(({ id, name }, index) => ({
      id,
      name,
      ou: index === 0 ? ['ou-prod'] : ['ou-other'],
      tags: {},
    })),
    permissionSets: SETS,
  });
  const looks: string[] = [];
  let nowMs = Date.parse('2026-01-05T09:00:00Z');
  const look = <T>(what: string, answer: Promise<T>): Promise<T> => {
    looks.push(what);
    nowMs += (options.secondsPerLook ?? 0) * 1000;
    return options.broken === true ? Promise.reject(new Error('away')) : answer;
  };
  const directory: Directory = {
    ...organization,
    ouPathOf: (id) => look(`path ${id}`, organization.ouPathOf(id)),
    groupIdByName: (name) => look(`group ${name}`, organization.groupIdByName(name)),
    memberIdsOf: (id) => look(`members ${id}`, organization.memberIdsOf(id)),
  };
  return {
    looks,
    policyStore: { storeState: async () => ({ accessVersion: '1' }), policies: async () => POLICIES },
    recordList: { records: async () => [{ id: `access#222222222222#${ARN}/ps-admin#user-ana` }] },
    keptDirectory: directory,
    accounts: async () => ACCOUNTS,
    permissionSets: SETS,
    groups: ['group-sre'],
    maxDurationSeconds: 3600,
    now: () => new Date(nowMs),
  };
}

const idsOf = async (query: string, from = services()) =>
  (await offerAccounts(ANA, query, from)).accounts.map(({ id }) => id);
const namesOf = async (accountId: string | undefined, from = services()) =>
  (await offerPermissionSets(ANA, accountId, from)).map(({ name }) => name);

describe('what the form offers', () => {
  it('is what policies and records let this person ask for, and nothing that is denied', async () => {
    expect(await idsOf('')).toEqual(['111111111111', '222222222222']);
    expect((await offerAccounts(ANA, '', services())).groups).toEqual([]);
    expect(await namesOf('111111111111')).toEqual(['Read']);
    expect(await namesOf('222222222222')).toEqual(['Admin']);
    expect(await namesOf('333333333333')).toEqual([]);
    expect(await namesOf('not an account')).toEqual([]);
  });

  it('is found by name or id, whatever the case', async () => {
    expect(await idsOf('pROD')).toEqual(['111111111111']);
    expect(await idsOf(' 2222 ')).toEqual(['222222222222']);
    expect(await idsOf('nowhere')).toEqual([]);
  });

  it('is every permission set of any account before one is chosen', async () => {
    expect(await namesOf(undefined)).toEqual(['Admin', 'Read']);
  });

  it('looks up no approvers, whom only the request needs', async () => {
    const from = services();
    await idsOf('', from);
    expect(from.looks.filter((what) => what.includes('Leads') || what.startsWith('members'))).toEqual([]);
  });

  it('is not empty in an outage: what cannot be judged is offered, and judged when it is asked for', async () => {
    expect(await idsOf('', services({ broken: true }))).toEqual(['111111111111', '222222222222']);
  });

  it('is not slow: what would take too long to judge is offered', async () => {
    const slow = services({ secondsPerLook: 2 });
    expect(await idsOf('', slow)).toEqual(['111111111111', '222222222222', '333333333333']);
    expect(slow.looks.length).toBeLessThan(5);
  });
});
