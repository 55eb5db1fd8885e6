import type { Directory, Membership } from '../../core/model/directory.ts';
import { withGivenMemberships } from '../../gateways/dynamodb/leases/given-memberships.ts';
import { createLeaseStore } from '../../gateways/dynamodb/leases/lease-store.ts';
import { createMadeStore } from '../../gateways/dynamodb/leases/made-store.ts';
import { NOON } from '../core/access/requests.ts';
import { FakeDirectory } from '../core/access/services.ts';
import { emulateAws, REQUEST_TABLE } from './emulated.ts';

const oncall = (principalId: string): Membership => ({ principalId, groupId: 'group-oncall' });

async function leased(memberships: readonly Membership[], groups = ['group-oncall']) {
  const { dynamo: client, now } = emulateAws();
  const leases = createLeaseStore({ client, tableName: REQUEST_TABLE, now });
  const directory = withGivenMemberships(new FakeDirectory() as Directory, {
    client,
    requestTable: REQUEST_TABLE,
    groups,
  });
  const give = async ({ principalId, groupId }: Membership, standing?: boolean) => {
    const assignment = { principalId, target: { groupId } };
    await leases.add(assignment, 'r1');
    if (standing !== undefined) await leases.noteStanding(assignment, standing);
    return assignment;
  };
  return {
    leases,
    made: createMadeStore({ client, tableName: REQUEST_TABLE }),
    give,
    given: async () => directory.givenMemberships?.(memberships),
  };
}

test('a membership that Glasshammer gave is told from one that was there before', async () => {
  const { give, given } = await leased([oncall('user-ana'), oncall('user-ben'), oncall('user-cleo')]);
  await give(oncall('user-ana'), false);
  await give(oncall('user-ben'), true);
  expect(await given()).toEqual([oncall('user-ana')]);
});

test('a membership counts as given while it is not known whether it was there before, and while it is being removed', async () => {
  const { leases, give, given } = await leased([oncall('user-ana'), oncall('user-ben')]);
  await give(oncall('user-ana'));
  const ben = await give(oncall('user-ben'), false);
  await leases.drop(ben, 'r1');
  await leases.beginRemoval(ben, 'r1', NOON);
  expect(await given()).toEqual([oncall('user-ana'), oncall('user-ben')]);
});

test('a membership counts as given if CloudTrail says so, though its lease is lost or says otherwise', async () => {
  const { made, give, given } = await leased([oncall('user-ana'), oncall('user-ben'), oncall('user-cleo')]);
  for (const { principalId, groupId } of [oncall('user-ana'), oncall('user-ben'), oncall('user-cleo')])
    await made.noteMadeByGlasshammer({ principalId, target: { groupId } }, NOON);
  await give(oncall('user-ben'), true);
  await made.noteMadeByOthers({ principalId: 'user-cleo', target: { groupId: 'group-oncall' } }, NOON, {
    id: 'x',
    name: 'x',
  });
  expect(await given()).toEqual([oncall('user-ana'), oncall('user-ben')]);
});

test('a group with more members than one read returns is read as a whole', async () => {
  const people = Array.from({ length: 130 }, (_, n) => oncall(`user-${n}`));
  const { give, given } = await leased(people);
  await give(oncall('user-0'), false);
  await give(oncall('user-129'), false);
  expect(await given()).toEqual([oncall('user-0'), oncall('user-129')]);
});

test('groups that the configuration does not offer are not read', async () => {
  const { give, given } = await leased([oncall('user-ana')], []);
  await give(oncall('user-ana'), false);
  expect(await given()).toEqual([]);
});
