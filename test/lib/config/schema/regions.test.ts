import { RegionInfo } from 'aws-cdk-lib/region-info';
import { KNOWN_REGIONS, nearestRegion, partitionOf } from '../../../../lib/config/schema/regions.ts';

test('the Regions that a configuration may name are those of the CDK, in the same partitions', () => {
  const known = RegionInfo.regions.filter(({ partition = '' }) => ['aws', 'aws-us-gov', 'aws-cn'].includes(partition));
  expect(new Set(KNOWN_REGIONS)).toEqual(new Set(known.map(({ name }) => name)));
  for (const { name, partition } of known) expect([name, partitionOf(name)]).toEqual([name, partition]);
});

test('a mistyped Region gets a suggestion, and an unknown word gets none', () => {
  expect(nearestRegion('eu-cental-1')).toBe('eu-central-1');
  expect(nearestRegion('us-esat-1')).toBe('us-east-1');
  expect(nearestRegion('frankfurt')).toBeUndefined();
});
