import { after } from '../../model/events.ts';
import type { AuditQuestion } from './question.ts';
import { STORY_SQL, storiesOf } from './stories.ts';

const WHERE_COLUMNS = ['person', 'account', 'account_id', 'access'] as const;

/**
 * After the end of an access its credentials live on for a session. CloudTrail's delivery and the report have this many
 * seconds more; then the report counts as missing.
 */
const REPORT_GRACE_SECONDS = 3600;

export const WHO_HAD_WHAT: AuditQuestion = {
  id: 'who-had-what',
  asks: 'who had which access from when until when, and whether it was removed at the end or why it was kept',
  columns: [...WHERE_COLUMNS, 'had_from', 'had_until', 'how', 'reason', 'path', 'request'],
  orderedBy: 'had_from',
  answer: (events) =>
    storiesOf(events)
      .filter(({ grantedAt }) => grantedAt !== '')
      .map(({ person, account, account_id, access, grantedAt, endedAt, how, reason, path, request }) => ({
        ...{ person, account, account_id, access, had_from: grantedAt, had_until: endedAt },
        ...{ how, reason, path, request },
      })),
  sql: {
    with: [STORY_SQL],
    select: `SELECT person, account, account_id, access, granted_at AS had_from, ended_at AS had_until, how, reason, path, request
FROM story WHERE granted_at <> ''`,
  },
};

export const GRANTED_ALONE: AuditQuestion = {
  id: 'granted-alone',
  asks: 'what was given without the vote of a second person, and why none was needed',
  columns: ['given_at', ...WHERE_COLUMNS, 'why', 'path', 'reason', 'request'],
  orderedBy: 'given_at',
  answer: (events) =>
    storiesOf(events)
      .filter(({ givenAt, others }) => givenAt !== '' && others === 0)
      .map(({ givenAt, person, account, account_id, access, breakGlass, own, path, reason, request }) => ({
        ...{ given_at: givenAt, person, account, account_id, access },
        why: breakGlass ? 'broke the glass' : own > 0 ? 'own vote' : 'no approval asked for',
        ...{ path, reason, request },
      })),
  sql: {
    with: [STORY_SQL],
    select: `SELECT given_at, person, account, account_id, access,
       CASE WHEN break_glass THEN 'broke the glass' WHEN own > 0 THEN 'own vote' ELSE 'no approval asked for' END AS why,
       path, reason, request
FROM story WHERE given_at <> '' AND others = 0`,
  },
};

export const ENDED_ON_TIME: AuditQuestion = {
  id: 'ended-on-time',
  asks: 'how many seconds after its end access was gone, what is past its end and not gone included',
  columns: [...WHERE_COLUMNS, 'ends_at', 'ended_at', 'seconds_late', 'how', 'request'],
  orderedBy: 'ends_at',
  answer: (events, now) =>
    storiesOf(events)
      .filter(({ grantedAt, endsAt, endedAt }) => grantedAt !== '' && endsAt !== '' && (endedAt !== '' || endsAt < now))
      .map(({ person, account, account_id, access, endsAt, endedAt, how, request }) => ({
        ...{ person, account, account_id, access, ends_at: endsAt, ended_at: endedAt },
        seconds_late: String(Math.max(0, secondsBetween(endsAt, endedAt === '' ? now : endedAt))),
        ...{ how, request },
      })),
  sql: {
    with: [STORY_SQL],
    select: `SELECT person, account, account_id, access, ends_at, ended_at,
       cast(greatest(0, date_diff('second', from_iso8601_timestamp(ends_at),
         CASE WHEN ended_at = '' THEN current_timestamp ELSE from_iso8601_timestamp(ended_at) END)) AS varchar) AS seconds_late,
       how, request
FROM story
WHERE granted_at <> '' AND ends_at <> '' AND (ended_at <> '' OR from_iso8601_timestamp(ends_at) < current_timestamp)`,
  },
};

export const REPORTS_MISSING: AuditQuestion = {
  id: 'reports-missing',
  asks: 'which access is over and its report is not there, and what kept it',
  columns: ['ended_at', ...WHERE_COLUMNS, 'why', 'request'],
  orderedBy: 'ended_at',
  answer: (events, now) =>
    storiesOf(events)
      .filter(({ endedAt, isReported, sessionSeconds }) => {
        return endedAt !== '' && !isReported && after(endedAt, sessionSeconds + REPORT_GRACE_SECONDS) < now;
      })
      .map(({ endedAt, person, account, account_id, access, unreported, request }) => ({
        ...{ ended_at: endedAt, person, account, account_id, access, why: unreported, request },
      })),
  sql: {
    with: [STORY_SQL],
    select: `SELECT ended_at, person, account, account_id, access, unreported AS why, request
FROM story
WHERE ended_at <> '' AND reported = 0
  AND date_diff('second', from_iso8601_timestamp(ended_at), current_timestamp) > session_seconds + ${REPORT_GRACE_SECONDS}`,
  },
};

export const UNREVIEWED: AuditQuestion = {
  id: 'unreviewed',
  asks: 'which broken glass nobody has reviewed: by a break-glass policy, or by the button on an alert with nobody asked',
  columns: ['granted_at', ...WHERE_COLUMNS, 'by_policy', 'path', 'reason', 'request'],
  orderedBy: 'granted_at',
  answer: (events) =>
    storiesOf(events)
      .filter(({ grantedAt, isReviewed }) => grantedAt !== '' && !isReviewed)
      .filter(({ breakGlass, origin, others }) => breakGlass || (origin === 'alert' && others === 0))
      .map(({ grantedAt, person, account, account_id, access, breakGlass, path, reason, request }) => ({
        ...{ granted_at: grantedAt, person, account, account_id, access },
        by_policy: breakGlass ? 'break-glass policy, review owed' : 'button, no review owed',
        ...{ path, reason, request },
      })),
  sql: {
    with: [STORY_SQL],
    select: `SELECT granted_at, person, account, account_id, access,
       CASE WHEN break_glass THEN 'break-glass policy, review owed' ELSE 'button, no review owed' END AS by_policy,
       path, reason, request
FROM story
WHERE granted_at <> '' AND reviewed = 0 AND (break_glass OR (origin = 'alert' AND others = 0))`,
  },
};

function secondsBetween(from: string, to: string): number {
  return Math.trunc((Date.parse(to) - Date.parse(from)) / 1000);
}
