import {
  type AdvancedFieldSelector,
  type CloudTrailClient,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  type GetEventSelectorsResponse,
  GetTrailStatusCommand,
} from '@aws-sdk/client-cloudtrail';
import type { DoctorPorts } from '../../core/doctor/ports.ts';

/** What the doctor reads of the trails that cover this Region. */
export function lookAtTrails(client: CloudTrailClient): Pick<DoctorPorts, 'trails'> {
  /** A trail without selectors of its own records every management event, so only the others need a further right. */
  async function changes(name: string, hasSelectors: boolean): Promise<boolean | undefined> {
    if (!hasSelectors) return true;
    try {
      return recordsChanges(await client.send(new GetEventSelectorsCommand({ TrailName: name })));
    } catch {
      return undefined;
    }
  }
  return {
    async trails() {
      const region = await client.config.region();
      const { trailList = [] } = await client.send(new DescribeTrailsCommand({ includeShadowTrails: true }));
      const here = trailList.filter(
        ({ HomeRegion, IsMultiRegionTrail }) => IsMultiRegionTrail || HomeRegion === region,
      );
      return Promise.all(
        here.map(async ({ Name = '', TrailARN = Name, IsOrganizationTrail, HasCustomEventSelectors }) => {
          const { IsLogging } = await client.send(new GetTrailStatusCommand({ Name: TrailARN }));
          return {
            name: Name,
            logging: IsLogging === true,
            organization: IsOrganizationTrail === true,
            changes: await changes(TrailARN, HasCustomEventSelectors === true),
          };
        }),
      );
    },
  };
}

/** The services whose calls make and remove assignments and memberships. */
const SOURCES = ['sso.amazonaws.com', 'sso-directory.amazonaws.com', 'identitystore.amazonaws.com'];

/** Do these selectors record the management events that change assignments and memberships? */
function recordsChanges({ EventSelectors = [], AdvancedEventSelectors = [] }: GetEventSelectorsResponse): boolean {
  const basic = EventSelectors.some(
    ({ IncludeManagementEvents = true, ReadWriteType = 'All' }) =>
      IncludeManagementEvents && ReadWriteType !== 'ReadOnly',
  );
  const advanced = SOURCES.every((eventSource) => {
    const event: Readonly<Record<string, string>> = { eventCategory: 'Management', readOnly: 'false', eventSource };
    return AdvancedEventSelectors.some(({ FieldSelectors = [] }) =>
      FieldSelectors.every((selector) => accepts(selector, event[selector.Field ?? ''])),
    );
  });
  return basic || advanced;
}

/** A selector of a field that is not compared here may leave out some of the events, and then counts as doing so. */
function accepts(selector: AdvancedFieldSelector, value: string | undefined): boolean {
  if (value === undefined) return false;
  const {
    Equals = [],
    StartsWith = [],
    EndsWith = [],
    NotEquals = [],
    NotStartsWith = [],
    NotEndsWith = [],
  } = selector;
  const isOneOf = (equals: string[], starts: string[], ends: string[]) =>
    equals.includes(value) ||
    starts.some((start) => value.startsWith(start)) ||
    ends.some((end) => value.endsWith(end));
  const wantsNone = Equals.length + StartsWith.length + EndsWith.length === 0;
  return (wantsNone || isOneOf(Equals, StartsWith, EndsWith)) && !isOneOf(NotEquals, NotStartsWith, NotEndsWith);
}
