import { planReport, type ReportPlan } from '../../../core/activity/read/plan.ts';
import type { AccessRequest } from '../../../core/model/request.ts';

export const ACCOUNT = '123456789012';
export const ROLE = 'AWSReservedSSO_AdministratorAccess_0123456789abcdef';
const REGIONS = ['eu-west-1', 'us-east-1'];

/** Ana's hour of access, 09:00 to 10:00; credentials until 11:00, read at 11:20. */
export function endedRequest(change: Partial<AccessRequest> = {}): AccessRequest {
  return {
    id: 'request-1',
    state: 'ended',
    requester: {
      slackId: 'U0ANA',
      principalId: 'user-ana',
      userName: 'ana@example.com',
      displayName: 'Ana',
      email: 'ana@example.com',
    },
    target: { accountId: ACCOUNT, permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-12345/ps-admin' },
    names: { accountName: 'Production', permissionSetName: 'AdministratorAccess' },
    reason: 'Checkout is failing since the deployment',
    ticket: 'INC-42',
    durationSeconds: 3600,
    requestedAt: '2026-01-05T08:58:00.000Z',
    startsAt: '2026-01-05T09:00:00.700Z',
    endsAt: '2026-01-05T10:00:00.700Z',
    endingAt: '2026-01-05T10:00:01.000Z',
    endedAt: '2026-01-05T10:00:09.300Z',
    sessionSeconds: 3600,
    origin: { kind: 'alert', channel: 'C0ALERTS', messageTs: '1767603480.000100' },
    events: [
      { type: 'requested', at: '2026-01-05T08:58:00.000Z', by: 'user-ana', state: 'requested' },
      { type: 'granted', at: '2026-01-05T09:00:00.700Z', by: 'glasshammer', state: 'active' },
      { type: 'ended', at: '2026-01-05T10:00:09.300Z', by: 'glasshammer', state: 'ended' },
    ],
    votes: [
      {
        principalId: 'user-cleo',
        slackId: 'U0CLEO',
        vote: 'approve',
        at: '2026-01-05T08:59:00.000Z',
        note: 'go ahead',
      },
    ],
    messages: [{ role: 'story', channel: 'C0ALERTS', ts: '1767603500.000200' }],
    tokens: {},
    breakGlass: false,
    grant: { askedAt: '2026-01-05T09:00:00.700Z', standing: false },
    path: 'developers-production',
    ...change,
  };
}

export const READ_AT = new Date('2026-01-05T11:20:00Z');

/** Where Identity Center records who fetched credentials. */
export const IDENTITY_CENTER = { accountId: '999999999999', region: 'eu-west-1' };

export const PLAN_SETTINGS = {
  regions: REGIONS,
  deliverySeconds: 900,
  identityCenter: IDENTITY_CENTER,
  permissionSets: [],
};

export function aPlan(change: Partial<AccessRequest> = {}): ReportPlan {
  return planReport(endedRequest(change), PLAN_SETTINGS, READ_AT, REGIONS);
}

export type RecordChange = Readonly<Record<string, unknown>> & {
  readonly role?: string;
  readonly session?: string;
  readonly account?: string;
  readonly onBehalfOf?: string | null;
  readonly began?: string;
  readonly key?: string;
};

let serial = 0;

/** A CloudTrail record of a call Ana made with the access, unless changed. */
export function aRecord(change: RecordChange = {}): Record<string, unknown> {
  const {
    role = ROLE,
    session = 'ana@example.com',
    account = ACCOUNT,
    onBehalfOf = 'user-ana',
    began = '2026-01-05T09:01:00Z',
    key = 'ASIADIRECT',
    ...fields
  } = change;
  serial += 1;
  return {
    eventVersion: '1.11',
    eventID: `event-${serial}`,
    eventTime: '2026-01-05T09:30:00Z',
    eventSource: 'ec2.amazonaws.com',
    eventName: 'StopInstances',
    awsRegion: 'eu-west-1',
    sourceIPAddress: '203.0.113.7',
    userAgent: 'aws-cli/2.15',
    readOnly: false,
    requestParameters: { instancesSet: { items: [{ instanceId: 'i-0abc' }] } },
    responseElements: null,
    recipientAccountId: account,
    userIdentity: {
      type: 'AssumedRole',
      principalId: `AROAEXAMPLE:${session}`,
      arn: `arn:aws:sts::${account}:assumed-role/${role}/${session}`,
      accountId: account,
      accessKeyId: key,
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          userName: role,
          accountId: account,
          arn: `arn:aws:iam::${account}:role/${role}`,
        },
        attributes: { creationDate: began, mfaAuthenticated: 'false' },
      },
      ...(onBehalfOf === null
        ? {}
        : { onBehalfOf: { userId: onBehalfOf, identityStoreArn: 'arn:aws:identitystore::1:identitystore/d-1' } }),
    },
    ...fields,
  };
}

/** `aRecord` of another call. */
export function aCall(action: string, change: RecordChange = {}): Record<string, unknown> {
  const [service, name] = action.split(':');
  return aRecord({ eventSource: `${service}.amazonaws.com`, eventName: name, requestParameters: null, ...change });
}

/** Ana assumes another role; `accessKeyId` is the key of the new session. */
export function aChainedRole(roleArn: string, accessKeyId: string, change: RecordChange = {}): Record<string, unknown> {
  const account = roleArn.split(':')[4];
  const roleName = roleArn.split('/').at(-1);
  return aCall('sts:AssumeRole', {
    readOnly: true,
    requestParameters: { roleArn, roleSessionName: 'deploy' },
    responseElements: {
      credentials: { accessKeyId, sessionToken: 'x', expiration: 'Jan 5, 2026, 10:30:00 AM' },
      assumedRoleUser: {
        assumedRoleId: 'AROAX:deploy',
        arn: `arn:aws:sts::${account}:assumed-role/${roleName}/deploy`,
      },
    },
    ...change,
  });
}

/** Some hours of a busy person: every kind of call, most of them dull. Deterministic. */
export function* busyRecords(count: number): Generator<Record<string, unknown>> {
  const dull = [
    'ec2:DescribeInstances',
    's3:ListBuckets',
    'logs:DescribeLogGroups',
    'iam:ListRoles',
    'lambda:GetFunction20150331v2',
  ];
  const telling = [
    'ec2:StopInstances',
    's3:PutBucketPolicy',
    'iam:CreateAccessKey',
    'rds:DeleteDBInstance',
    'cloudtrail:StopLogging',
  ];
  const start = Date.parse('2026-01-05T09:02:00Z');
  for (let at = 0; at < count; at += 1) {
    const writes = at % 25 === 0;
    const action = (writes ? telling[(at / 25) % telling.length] : dull[at % dull.length]) ?? 'ec2:DescribeInstances';
    yield aCall(action, {
      eventTime: new Date(start + (at % 7000) * 1000).toISOString().replace('.000', ''),
      readOnly: !writes,
      awsRegion: REGIONS[at % 2],
      sourceIPAddress: at % 1000 === 7 ? '198.51.100.2' : '203.0.113.7',
      requestParameters: {
        bucketName: `bucket-${at % 40}`,
        maxResults: 100,
        filterSet: { items: [{ name: 'x', valueSet: {} }] },
      },
      responseElements: {
        items: Array.from({ length: 3 }, (_, i) => ({ id: i, state: { code: 16, name: 'running' } })),
      },
      ...(at % 333 === 0 ? { errorCode: 'AccessDenied', errorMessage: 'not authorized to perform this' } : {}),
    });
  }
}
