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
  const nearest = [...KNOWN_REGIONS].sort((a, b) => distance(typed, a) - distance(typed, b))[0];
  return nearest !== undefined && distance(typed, nearest) <= 2 ? nearest : undefined;
}

/** How many letters must be typed, left out or changed to come from one text to the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const changed = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
