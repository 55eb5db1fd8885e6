import type { UsageStore } from '../../core/access/approval/request-approval.ts';
import { createUsageStore } from '../../gateways/dynamodb/requests/usage-store.ts';
import { aRequest, NOON } from '../core/access/requests.ts';
import { FakeUsage } from '../core/access/services.ts';
import { emulateAws, REQUEST_TABLE } from './emulated.ts';

describe.each<[string, () => UsageStore]>([
  ['in memory', () => new FakeUsage()],
  ['in DynamoDB', () => createUsageStore({ client: emulateAws().dynamo, tableName: REQUEST_TABLE })],
])('how often a person had a target, %s', (_where, create) => {
  it('is never at first', async () => {
    expect(await create().read(aRequest('pending'))).toEqual({ times: 0 });
  });

  it('counts each request once, however often it is noted', async () => {
    const usage = create();
    const later = '2026-01-06T12:00:00.000Z';
    for (const _ of [1, 2]) await usage.note(aRequest('active'));
    expect(await usage.read(aRequest('pending', { id: 'r9' }))).toEqual({ times: 1, lastAt: NOON });
    await usage.note(aRequest('active', { id: 'r2', startsAt: later }));
    expect(await usage.read(aRequest('pending', { id: 'r9' }))).toEqual({ times: 2, lastAt: later });
  });

  it('lists what a person had, the latest first and each target once', async () => {
    const usage = create();
    const group = { target: { groupId: 'group-oncall' }, names: { groupName: 'On call' } };
    await usage.note(aRequest('active'));
    await usage.note(aRequest('active', { id: 'r2', ...group, startsAt: '2026-01-06T12:00:00.000Z' }));
    await usage.note(aRequest('active', { id: 'r3', startsAt: '2026-01-07T12:00:00.000Z' }));
    const { principalId } = aRequest('active').requester;
    const { target, names } = aRequest('active');
    expect(await usage.recent(principalId)).toEqual([
      { target, names, times: 2, lastAt: '2026-01-07T12:00:00.000Z' },
      { ...group, times: 1, lastAt: '2026-01-06T12:00:00.000Z' },
    ]);
    expect(await usage.recent('user-nobody')).toEqual([]);
  });

  it('counts neither what other people had nor what else the person had', async () => {
    const usage = create();
    await usage.note(aRequest('active'));
    const bens = aRequest('pending', { requester: { ...aRequest('pending').requester, principalId: 'user-ben' } });
    expect(await usage.read(bens)).toEqual({ times: 0 });
    expect(await usage.read(aRequest('pending', { target: { groupId: 'group-oncall' } }))).toEqual({ times: 0 });
  });
});
