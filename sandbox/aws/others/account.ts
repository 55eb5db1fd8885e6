import type { ListRegionsRequest, ListRegionsResponse, RegionOptStatus } from '@aws-sdk/client-account';
import { page } from '../wire/paging.ts';
import type { Operations, Wire } from '../wire/service.ts';
import type { World } from '../world/world.ts';

const BY_DEFAULT: ReadonlySet<string> = new Set(['us-east-1', 'us-west-2', 'eu-central-1', 'eu-west-1']);

const MOST_PER_PAGE = 50;

/**
 * Account Management: the Regions that are enabled in the account. ListRegions of AWS also lists the disabled ones;
 * this does not.
 */
export function account(world: World): Operations {
  return {
    ListRegions(input: Wire<ListRegionsRequest>): Wire<ListRegionsResponse> {
      const asked = input.RegionOptStatusContains;
      const all = world.enabledRegions
        .map((region): { RegionName: string; RegionOptStatus: RegionOptStatus } => ({
          RegionName: region,
          RegionOptStatus: BY_DEFAULT.has(region) ? 'ENABLED_BY_DEFAULT' : 'ENABLED',
        }))
        .filter((region) => asked === undefined || asked.includes(region.RegionOptStatus));
      const { items, nextToken } = page('regions', all, {
        size: input.MaxResults,
        token: input.NextToken,
        maximum: MOST_PER_PAGE,
      });
      return { Regions: items, ...(nextToken === undefined ? {} : { NextToken: nextToken }) };
    },
  };
}
