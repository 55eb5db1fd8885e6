import { ASSIGNMENT_CHANGES } from '../../lib/watch/assignment-changes.ts';
import type { TrailRecord, World } from '../aws/world/world.ts';

/** CloudTrail delivers a call to EventBridge after some seconds. Milliseconds. */
export const TRAIL_TO_BUS_MS = 3_000;

/**
 * The deployed EventBridge rule on calls that change assignments. Returns the event that its function gets for a
 * record, or `undefined` when the rule does not match. The management account forwards its records to this rule, so
 * they match too.
 */
export function assignmentEvent(
  record: TrailRecord,
  { homeAccountId, organization }: World,
): Readonly<Record<string, unknown>> | undefined {
  const { eventSource, eventName } = ASSIGNMENT_CHANGES.detail;
  const here = [homeAccountId, organization.managementAccountId].includes(record.recipientAccountId);
  if (!here || !eventSource.includes(record.eventSource) || !eventName.includes(record.eventName)) return undefined;
  return {
    version: '0',
    id: record.eventID,
    'detail-type': ASSIGNMENT_CHANGES.detailType[0],
    source: `aws.${record.eventSource.replace(/\.amazonaws\.com$/, '')}`,
    account: record.recipientAccountId,
    time: record.eventTime,
    region: record.awsRegion,
    resources: [],
    detail: record,
  };
}
