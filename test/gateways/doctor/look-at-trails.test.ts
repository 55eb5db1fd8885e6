import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { lookAtTrails } from '../../../gateways/doctor/look-at-trails.ts';
import type { Trail } from '../../../sandbox/aws/world/world.ts';
import { emulateAws } from '../../contracts/emulated.ts';

type Selectors = NonNullable<Trail['selectors']>;

const management = { Field: 'eventCategory', Equals: ['Management'] };
const advanced = (...fields: object[]): Selectors => ({
  AdvancedEventSelectors: [{ FieldSelectors: fields as { Field: string }[] }],
});

async function lookedAt(selectors: Selectors | undefined, isRefused = false) {
  const { world, config, faults } = emulateAws();
  world.trails = [{ name: 'ours', logging: true, organization: false, ...(selectors && { selectors }) }];
  if (isRefused)
    faults.add({ operation: 'cloudtrail:GetEventSelectors', error: 'AccessDeniedException', times: 'forever' });
  return (await lookAtTrails(new CloudTrailClient(config)).trails())[0]?.changes;
}

test.each<[string, Selectors, boolean]>([
  ['every management event', { EventSelectors: [{}] }, true],
  ['writes', { EventSelectors: [{ ReadWriteType: 'WriteOnly', IncludeManagementEvents: true }] }, true],
  ['reads', { EventSelectors: [{ ReadWriteType: 'ReadOnly', IncludeManagementEvents: true }] }, false],
  ['data events', { EventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: false }] }, false],
  ['management events', advanced(management), true],
  ['data events', advanced({ Field: 'eventCategory', Equals: ['Data'] }), false],
  ['reads', advanced(management, { Field: 'readOnly', Equals: ['true'] }), false],
  ['all but those of KMS', advanced(management, { Field: 'eventSource', NotEquals: ['kms.amazonaws.com'] }), true],
  ['all but those of sso', advanced(management, { Field: 'eventSource', NotStartsWith: ['sso.'] }), false],
  ['those of one service', advanced(management, { Field: 'eventSource', Equals: ['sso.amazonaws.com'] }), false],
  ['those of one name', advanced(management, { Field: 'eventName', Equals: ['CreateAccountAssignment'] }), false],
  ['nothing', {}, false],
])('a trail that records %s is one by which changes are heard, or not: %j', async (_what, selectors, changes) => {
  expect(await lookedAt(selectors)).toBe(changes);
});

test('what a trail records is asked for only where somebody has chosen it, and may be refused', async () => {
  expect(await lookedAt(undefined, true)).toBe(true);
  expect(await lookedAt({ EventSelectors: [{}] }, true)).toBeUndefined();
});
