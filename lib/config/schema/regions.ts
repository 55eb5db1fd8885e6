import { nearestOf } from '../nearest.ts';

/**
 * Regions by partition, copied from the CDK so that reading a configuration does not load it. A test compares both
 * lists.
 */
const REGIONS: Readonly<Record<string, string>> = {
  aws: 'af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 me-west-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2',
  'aws-cn': 'cn-north-1 cn-northwest-1',
  'aws-us-gov': 'us-gov-east-1 us-gov-west-1',
};

/** Every Region a configuration may name. */
export const KNOWN_REGIONS: readonly string[] = Object.values(REGIONS).flatMap((names) => names.split(' '));

/** The Region's partition: `aws`, `aws-us-gov` or `aws-cn`; `undefined` for an unknown Region. */
export function partitionOf(region: string): string | undefined {
  return Object.entries(REGIONS).find(([, names]) => names.split(' ').includes(region))?.[0];
}

/** The known Region that differs from the typed text by at most two letters. */
export function nearestRegion(typed: string): string | undefined {
  return nearestOf(typed, KNOWN_REGIONS);
}
