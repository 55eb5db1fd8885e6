import { WAS_THERE } from '../../access/lease/grant/check-creation.ts';
import { GIVEN_MEANWHILE, KEPT, OUT_OF_USE } from '../../access/lease/revoke/end-notes.ts';
import type { AuditEvent } from '../audit-event.ts';

/** One request as one row. Instants in ISO 8601, empty where there is none. */
export interface Story {
  readonly request: string;
  /** User name. */
  readonly person: string;
  readonly account: string;
  readonly account_id: string;
  /** The permission set or group, by name where it is known. */
  readonly access: string;
  readonly reason: string;
  readonly path: string;
  readonly origin: string;
  readonly breakGlass: boolean;
  readonly sessionSeconds: number;
  readonly grantedAt: string;
  /** When access was granted, or when the request joined an access. */
  readonly givenAt: string;
  readonly endsAt: string;
  readonly endedAt: string;
  /**
   * `removed`, `not ended`, `standing`, or the note of an end without a removal: why the assignment was kept, or is out
   * of use.
   */
  readonly how: string;
  /** How many approvals others gave, and how many the requester gave. */
  readonly others: number;
  readonly own: number;
  readonly isReported: boolean;
  readonly isReviewed: boolean;
  /** Why a report was not sent, or could not read the activity. */
  readonly unreported: string;
}

/** The account and the permission set or group of an event, by name and id. */
export function placeOf({ names, target }: AuditEvent): Pick<Story, 'account' | 'account_id' | 'access'> {
  const account = target !== undefined && 'accountId' in target ? target.accountId : '';
  const held = target === undefined ? '' : 'groupId' in target ? target.groupId : target.permissionSetArn;
  return {
    account: names?.accountName ?? '',
    account_id: account,
    access: names?.permissionSetName ?? names?.groupName ?? held,
  };
}

/** The story of each request. The events have to be in order. */
export function storiesOf(events: readonly AuditEvent[]): readonly Story[] {
  const told = events.filter(({ requester }) => requester !== undefined);
  return grouped(told, ({ requestId = '' }) => requestId).map(storyOf);
}

/** Groups events by key; within a group they keep their order. */
export function grouped(
  events: readonly AuditEvent[],
  keyOf: (event: AuditEvent) => string,
): readonly (readonly AuditEvent[])[] {
  const groups = new Map<string, AuditEvent[]>();
  for (const event of events) {
    const key = keyOf(event);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [event]);
    else group.push(event);
  }
  return [...groups.values()];
}

function storyOf(events: readonly AuditEvent[]): Story {
  const first = events[0] as AuditEvent;
  const of = (...types: readonly string[]) => events.filter(({ type }) => types.includes(type));
  const requester = first.requester?.principalId ?? '';
  const approvals = of('vote').filter((vote) => voteOf(vote) === 'approve');
  const ended = of('ended').at(-1);
  const granted = of('granted')[0];
  return {
    request: first.requestId ?? '',
    person: first.requester?.userName ?? '',
    ...placeOf(first),
    reason: first.reason ?? '',
    path: events.findLast(({ path }) => path !== undefined)?.path ?? '',
    origin: first.origin ?? '',
    breakGlass: events.some(({ breakGlass }) => breakGlass === true),
    sessionSeconds: first.sessionSeconds ?? 0,
    grantedAt: granted?.at ?? '',
    givenAt: of('granted', 'joined')[0]?.at ?? '',
    endsAt: events.findLast(({ endsAt }) => endsAt !== undefined)?.endsAt ?? '',
    endedAt: ended?.at ?? '',
    how: howItEnded(granted, ended),
    others: approvals.filter(({ by }) => by !== requester).length,
    own: approvals.filter(({ by }) => by === requester).length,
    isReported: of('reported').length > 0,
    isReviewed: of('reviewed').length > 0,
    unreported: of('report-unsent', 'activity-unreadable').at(-1)?.note ?? '',
  };
}

/**
 * The notes of `granted` and `ended` events of an assignment that somebody else has made as well, so that it is not
 * removed at the end.
 */
export const STANDING_NOTES: readonly string[] = [WAS_THERE, `${KEPT}${WAS_THERE}`, GIVEN_MEANWHILE];

/** The vote that a `vote` event reports: its note begins with the vote. */
export function voteOf({ note = '' }: AuditEvent): 'approve' | 'deny' {
  return note.startsWith('approve') ? 'approve' : 'deny';
}

function howItEnded(granted: AuditEvent | undefined, ended: AuditEvent | undefined): string {
  if (ended === undefined) return granted?.note === WAS_THERE ? 'standing' : 'not ended';
  const { note = '' } = ended;
  return note.startsWith(KEPT) || note.startsWith(OUT_OF_USE) ? note : 'removed';
}

/**
 * The same for Athena: one row for each request, with the columns of `Story` in snake case, empty texts included.
 * `reported` and `reviewed` are numbers of events.
 */
export const STORY_SQL = `story AS (
  SELECT requestid AS request,
         max(requester.username) AS person,
         max(coalesce(names.accountname, '')) AS account,
         max(coalesce(target.accountid, '')) AS account_id,
         max(coalesce(names.permissionsetname, names.groupname, target.permissionsetarn, target.groupid, '')) AS access,
         max(coalesce(reason, '')) AS reason,
         max(coalesce(path, '')) AS path,
         max(coalesce(origin, '')) AS origin,
         bool_or(coalesce(breakglass, false)) AS break_glass,
         max(coalesce(sessionseconds, 0)) AS session_seconds,
         coalesce(min(CASE WHEN type = 'granted' THEN at END), '') AS granted_at,
         coalesce(min(CASE WHEN type IN ('granted', 'joined') THEN at END), '') AS given_at,
         coalesce(max_by(endsat, at) FILTER (WHERE endsat IS NOT NULL), '') AS ends_at,
         coalesce(max(CASE WHEN type = 'ended' THEN at END), '') AS ended_at,
         CASE WHEN count_if(type = 'ended') = 0 AND count_if(type = 'granted' AND note = '${WAS_THERE}') > 0 THEN 'standing'
              WHEN count_if(type = 'ended') = 0 THEN 'not ended'
              WHEN count_if(type = 'ended' AND (note LIKE '${KEPT}%' OR note LIKE '${OUT_OF_USE}%')) > 0 THEN max(CASE WHEN type = 'ended' THEN note END)
              ELSE 'removed' END AS how,
         count_if(type = 'vote' AND note LIKE 'approve%' AND "by" <> requester.principalid) AS others,
         count_if(type = 'vote' AND note LIKE 'approve%' AND "by" = requester.principalid) AS own,
         count_if(type = 'reported') AS reported,
         count_if(type = 'reviewed') AS reviewed,
         coalesce(max_by(note, at) FILTER (WHERE type IN ('report-unsent', 'activity-unreadable')), '') AS unreported
  FROM e
  WHERE requester IS NOT NULL
  GROUP BY requestid
)`;
