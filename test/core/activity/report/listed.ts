import type { ListedCall } from '../../../../core/activity/classify/listed-call.ts';

/** A call of the list: an instance was stopped with the command line, changed as given. */
export function listed(change: Partial<ListedCall> = {}): ListedCall {
  return {
    id: 'event-1',
    at: '2026-01-05T09:30:00Z',
    accountId: '123456789012',
    region: 'eu-west-1',
    action: 'ec2:StopInstances',
    kind: 'write',
    error: '',
    flag: '',
    as: '',
    address: '203.0.113.7',
    means: 'CLI',
    what: 'instanceId i-1',
    ...change,
  };
}
