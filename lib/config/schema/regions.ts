import { nearestOf } from '../nearest.ts';

/**
 * Regions by partition, as the CDK knows them; written out, because whoever only reads a configuration should not have to load the
 * CDK. A test compares.
 */
const REGIONS: Readonly<Record<string, string>> = {
  aws: 'af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 me-west-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2',
  'aws-cn': 'cn-north-1 cn-northwest-1',
  'aws-us-gov': 'us-gov-east-1 us-gov-west-1',
};

/** Every Region a configuration may name. */
export const KNOWN_REGIONS: readonly string[] = Object.values(REGIONS).flatMap((names) => names.split(' '));

/** `aws`, `aws-us-gov` or `aws-cn`; `undefined` for what is no Region. */
export function partitionOf(region: string): string | undefined {
  return Object.entries(REGIONS).find(([, names]) => names.split(' ').includes(region))?.[0];
}

/** The Region somebody meant who mistyped one or two letters of it. */
export function nearestRegion(typed: string): string | undefined {
  return nearestOf(typed, KNOWN_REGIONS);
}
