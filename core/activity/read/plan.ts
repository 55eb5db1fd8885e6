import { after } from '../../model/events.ts';
import type { AccessRequest } from '../../model/request.ts';
import { isGroupTarget } from '../../model/target.ts';
import { compareText } from '../../model/text.ts';
import { credentialsUntil, reportTimes } from '../../sessions/live-sessions.ts';
import { wholeSeconds } from '../classify/call.ts';
import type { Edition } from '../edition.ts';

/**
 * Clocks of AWS services differ by a little, and a call begun before credentials expired is recorded after it is done;
 * so the window stays open this much longer than the credentials.
 */
const WINDOW_SLACK_SECONDS = 60;

/**
 * Whose calls are looked for, where and when. Written once, when the report is begun, and not changed after. All
 * instants are ISO 8601 in whole seconds, as in CloudTrail, so that they compare as text.
 */
export interface ReportPlan {
  /** Set in the plan of a first edition: when the final one can be read. ISO 8601. */
  readonly finalAt?: string;
  readonly accountId: string;
  readonly permissionSetName: string;
  readonly principalId: string;
  readonly userName: string;
  readonly regions: readonly string[];
  /** Set when the account could not be asked which Regions are enabled, so there may be others. */
  readonly regionsUnknown?: true;
  /**
   * Account and Region in which Identity Center records who fetched credentials. Absent for a group, which has no role
   * to look up, and in plans made before these events were read.
   */
  readonly identityCenter?: { readonly accountId: string; readonly region: string };
  /** The instant of the grant. Calls and sessions before it are not this request's. */
  readonly from: string;
  /** When the access was over: the asked-for end, or earlier when it was ended early. */
  readonly accessEnded: string;
  /**
   * A session begun after this was begun with other access: that of the next request, or permanent access. Absent in
   * plans made before such sessions were distinguished.
   */
  readonly sessionsUntil?: string;
  /** Until when credentials work that were fetched in the last second of the access. */
  readonly credentialsUntil: string;
  /** Set when `credentialsUntil` is the cut of the sessions. Absent in reports of versions that could not cut. */
  readonly sessionsCut?: true;
  /** Set when the permission set has a session guard and the sessions could not be cut before the report was begun. */
  readonly cutFailed?: true;
  /** Calls after this are not this request's. */
  readonly to: string;
  /** The time range that is looked up, wider than the window: the report also says what lies just outside of it. */
  readonly readFrom: string;
  readonly readUntil: string;
  /** When reading began. */
  readonly begunAt: string;
  /** How long CloudTrail may take to deliver, in seconds. Absent in plans made before reports waited for sessions. */
  readonly deliverySeconds?: number;
  /** Set when the account is not read from event history. */
  readonly source?: SourceWords;
  /** Set for a reading before the report: it waits for nothing, and its result is not final. */
  readonly soFar?: true;
  /** Set when nothing can be read: why, in words. */
  readonly unreadable?: string;
}

/** How a report describes a source. */
export interface SourceWords {
  readonly name: string;
  /** One or more sentences: what can be seen there, and what cannot. */
  readonly sees: string;
}

/** The Regions that are enabled in every account; AWS offers no way to switch them off. */
const REGIONS_BY_DEFAULT: readonly string[] = [
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
];

export interface PlanSettings {
  /** The Regions to read if the account cannot be asked which Regions are enabled. */
  readonly regions: readonly string[];
  /** How long CloudTrail may take to deliver an event, in seconds. */
  readonly deliverySeconds: number;
  /** Account and Region in which Identity Center records who fetched credentials. */
  readonly identityCenter: { readonly accountId: string; readonly region: string };
  /** For the name of a permission set that the request does not name. */
  readonly permissionSets: readonly { readonly name: string; readonly arn: string }[];
}

/**
 * Plans the report of a request whose access is over. The window is from the grant to the moment the last credentials
 * expired. Reading begins one session length before the grant, so that the report can say "the same person used this
 * role before".
 *
 * A first edition is about what can be read now: it waits for no session, and its window ends when the plan is made.
 *
 * @param enabled the Regions that are enabled in the account; absent when the account could not be asked
 * @param source what the account is read from, unless that is event history
 */
export function planReport(
  request: AccessRequest,
  settings: PlanSettings,
  now: Date,
  enabled?: readonly string[],
  source?: SourceWords,
  edition: Edition = 'final',
): ReportPlan {
  const { target, requester, sessionSeconds } = request;
  const endedAt = wholeSeconds(request.endedAt ?? request.endsAt);
  const isCut = request.sessionsCutAt !== undefined;
  const credentialsEnd = wholeSeconds(credentialsUntil({ ...request, endedAt }));
  const begunAt = wholeSeconds(now.toISOString());
  // Calls that were refused after a cut are looked for as well, for as long as sessions could have lasted without it.
  const lastCalls = wholeSeconds(after(after(endedAt, sessionSeconds), WINDOW_SLACK_SECONDS));
  const isFirst = edition === 'first';
  const to = isCut || isFirst ? earliest(lastCalls, begunAt) : lastCalls;
  const from = wholeSeconds(request.startsAt);
  const permissionSetName = isGroupTarget(target)
    ? ''
    : (request.names.permissionSetName ??
      settings.permissionSets.find(({ arn }) => arn === target.permissionSetArn)?.name ??
      '');
  const plan: ReportPlan = {
    ...(isFirst ? { finalAt: wholeSeconds(reportTimes(request, settings.deliverySeconds).final) } : {}),
    accountId: isGroupTarget(target) ? '' : target.accountId,
    permissionSetName,
    principalId: requester.principalId,
    userName: requester.userName,
    ...regionsOf(settings, enabled),
    ...(isGroupTarget(target) ? {} : { identityCenter: settings.identityCenter }),
    from,
    accessEnded: earliest(request.endsAt, request.endingAt ?? endedAt),
    sessionsUntil: wholeSeconds(after(endedAt, WINDOW_SLACK_SECONDS)),
    credentialsUntil: credentialsEnd,
    ...(isCut ? { sessionsCut: true as const } : {}),
    ...(!isCut && request.events.some(({ type }) => type === 'sessions-cut-failed')
      ? { cutFailed: true as const }
      : {}),
    to,
    readFrom: wholeSeconds(after(from, -sessionSeconds)),
    readUntil: [to, begunAt].sort(compareText).at(-1) ?? to,
    begunAt,
    deliverySeconds: settings.deliverySeconds,
    ...(source === undefined ? {} : { source }),
  };
  const unreadable = whyUnreadable(request, plan);
  return unreadable === undefined ? plan : { ...plan, unreadable };
}

function regionsOf(
  { regions }: PlanSettings,
  enabled: readonly string[] | undefined,
): Pick<ReportPlan, 'regions' | 'regionsUnknown'> {
  if (enabled !== undefined && enabled.length > 0) return { regions: [...new Set(enabled)] };
  return { regions: [...new Set(regions.length > 0 ? regions : REGIONS_BY_DEFAULT)], regionsUnknown: true };
}

function earliest(one: string, other: string): string {
  return [one, other].map(wholeSeconds).sort(compareText)[0] ?? one;
}

function whyUnreadable(request: AccessRequest, plan: ReportPlan): string | undefined {
  if (isGroupTarget(request.target)) {
    return 'Membership in a group opens whatever is assigned to the group, in any number of accounts, so calls cannot be attributed to this request. This report covers the time in the group, not what was done with it.';
  }
  if (plan.userName === '')
    return 'The Identity Center user name of the person is not known, so their calls cannot be looked up.';
  if (plan.permissionSetName === '') {
    return 'The name of the permission set is not known, so its role cannot be recognised.';
  }
  return undefined;
}
