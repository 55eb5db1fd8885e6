import type { Call } from '../wire/service.ts';
import type { TrailRecord, World } from '../world/world.ts';
import { recordActivity } from './trail.ts';

/** Records calls of the emulated services in CloudTrail, as AWS records calls on Identity Center. */
export interface TrailWriter {
  write(
    call: Call,
    event: {
      eventSource: string;
      eventName: string;
      requestParameters: Record<string, unknown>;
      responseElements?: Record<string, unknown>;
    },
  ): TrailRecord;
}

/**
 * Creates a writer that records into the caller's account. `onRecord` gets each record, e.g. for EventBridge rules on
 * API calls.
 */
export function createTrailWriter(
  world: World,
  newId: () => string,
  onRecord: (record: TrailRecord) => void = () => {},
): TrailWriter {
  return {
    write(call, event) {
      const record = recordActivity(
        world,
        {
          eventVersion: '1.11',
          userIdentity: {
            type: 'AssumedRole',
            arn: call.callerArn,
            accountId: call.accountId,
            accessKeyId: call.accessKeyId,
            ...issuerOf(call),
          },
          eventTime: `${new Date(call.nowMs).toISOString().slice(0, 19)}Z`,
          ...event,
          awsRegion: world.region,
          readOnly: false,
          eventType: 'AwsApiCall',
          managementEvent: true,
          recipientAccountId: call.accountId,
        },
        newId,
      );
      onRecord(record);
      return record;
    },
  };
}

/** The role behind a session. Readers of CloudTrail identify callers by it. */
function issuerOf({ callerArn, accountId }: Call): Record<string, unknown> {
  const role = /:assumed-role\/([^/]+)\//.exec(callerArn)?.[1];
  if (role === undefined) return {};
  const sessionIssuer = { type: 'Role', arn: `arn:aws:iam::${accountId}:role/${role}`, accountId, userName: role };
  return { sessionContext: { sessionIssuer } };
}
