import { questionSql } from '../../core/audit/questions/question.ts';
import { QUESTIONS } from '../../core/audit/questions/questions.ts';
import { STANDING_NOTES } from '../../core/audit/questions/stories.ts';

/** A saved query for auditors, ready in the Athena console. */
export interface AuditQuery {
  /** Stable, because it is part of the saved query's name. */
  readonly id: string;
  readonly description: string;
  readonly sql: string;
}

/** The days a query covers; the auditor who runs it changes the number or writes dates. */
const LAST_30_DAYS = "day >= date_format(current_date - interval '30' day, '%Y-%m-%d')";
const LAST_90_DAYS = LAST_30_DAYS.replace("'30'", "'90'");

/** The target of the access: an account and a permission set, or a group; by name, or by id where there is no name. */
const TARGET_COLUMNS = `coalesce(names.accountname, target.accountid) AS account,
       coalesce(names.permissionsetname, names.groupname, target.permissionsetarn, target.groupid) AS access`;

/**
 * The saved queries: those below, and the questions of `audit ask`, for auditors who use the console without the
 * command line.
 *
 * @param table the table as SQL names it: `"database"."table"`
 */
export function auditQueries(table: string): AuditQuery[] {
  return [
    {
      id: 'who-had-what-when',
      description: 'Every access that was given in the last 30 days: who, what, from when until when, why.',
      sql: `WITH story AS (
  SELECT requestid,
         min(CASE WHEN type = 'granted' THEN at END) AS had_from,
         max(CASE WHEN type = 'ended' THEN at END) AS had_until
  FROM ${table}
  WHERE ${LAST_30_DAYS} AND type IN ('granted', 'ended')
  GROUP BY requestid
)
SELECT e.requester.username AS person,
       ${TARGET_COLUMNS.replaceAll('names.', 'e.names.').replaceAll('target.', 'e.target.')},
       s.had_from, coalesce(s.had_until, 'still open, or ended later') AS had_until,
       e.reason, e.ticket, e.breakglass, e.path, e.requestid
FROM ${table} e JOIN story s ON e.requestid = s.requestid
WHERE e.type = 'granted' AND e.${LAST_30_DAYS}
ORDER BY s.had_from DESC`,
    },
    {
      id: 'refusals',
      description: 'Every request of the last 30 days that was refused, denied or not answered, and why.',
      sql: `SELECT at, type, requester.username AS person, requester.slackid,
       ${TARGET_COLUMNS},
       "by", note, reason, requestid
FROM ${table}
WHERE ${LAST_30_DAYS} AND type IN ('refused', 'denied', 'expired', 'cancelled')
ORDER BY at DESC`,
    },
    {
      id: 'approvals-by-person',
      description: 'How each approver voted in the last 90 days, and on whose requests.',
      sql: `SELECT "by" AS approver,
       count_if(note LIKE 'approve%') AS approved,
       count_if(note LIKE 'deny%') AS denied,
       array_join(array_agg(DISTINCT requester.username), ', ') AS people,
       max(at) AS last_vote
FROM ${table}
WHERE ${LAST_90_DAYS} AND type = 'vote'
GROUP BY "by"
ORDER BY count(*) DESC`,
    },
    {
      id: 'failed-revokes',
      description: 'Access of the last 30 days that was not taken back at the first try: how long it took and why.',
      sql: `SELECT requestid, arbitrary(requester.username) AS person,
       min(CASE WHEN type = 'ending' THEN at END) AS ending_since,
       coalesce(max(CASE WHEN type IN ('ended', 'failed') THEN at END), 'NOT ENDED') AS ended_at,
       count_if(type = 'removal-retried') AS retries,
       count_if(type = 'workflow-stopped') AS stopped_workflows,
       array_join(array_agg(note ORDER BY at) FILTER (WHERE type IN ('removal-retried', 'workflow-stopped')), '; ') AS why
FROM ${table}
WHERE ${LAST_30_DAYS}
  AND type IN ('ending', 'ended', 'failed', 'removal-retried', 'workflow-stopped')
GROUP BY requestid
HAVING count_if(type IN ('removal-retried', 'workflow-stopped')) > 0 OR count_if(type IN ('ended', 'failed')) = 0
ORDER BY ending_since DESC`,
    },
    {
      id: 'standing-access',
      description:
        'Access of the last 90 days that was not taken back, because somebody else had given the same before or meanwhile.',
      sql: `SELECT at, type, requester.username AS person,
       ${TARGET_COLUMNS},
       note, requestid
FROM ${table}
WHERE ${LAST_90_DAYS}
  AND type IN ('granted', 'ended') AND note IN (${STANDING_NOTES.map((note) => `'${note}'`).join(', ')})
ORDER BY at DESC`,
    },
    {
      id: 'broken-glass',
      description: 'Every glass broken in the last 90 days, and whether it was reviewed.',
      sql: `SELECT requestid, arbitrary(requester.username) AS person, arbitrary(reason) AS reason,
       min(CASE WHEN type = 'granted' THEN at END) AS granted_at,
       max(CASE WHEN type = 'reviewed' THEN at END) AS reviewed_at,
       max(CASE WHEN type = 'reviewed' THEN "by" END) AS reviewed_by,
       max(CASE WHEN type = 'reviewed' THEN note END) AS review
FROM ${table}
WHERE ${LAST_90_DAYS} AND breakglass
GROUP BY requestid
HAVING count_if(type = 'granted') > 0
ORDER BY granted_at DESC`,
    },
    {
      id: 'operators',
      description: 'What operators and the safety net did in the last 90 days, and any history that was touched.',
      sql: `SELECT at, type, "by", note, array_join(subjects, ', ') AS subjects
FROM ${table}
WHERE ${LAST_90_DAYS}
  AND (requestid IS NULL AND type NOT IN ('action-refused', 'call-forged')
    OR type IN ('history-removed', 'history-rewritten', 'silent-edit'))
ORDER BY at DESC`,
    },
    ...QUESTIONS.map((question) => ({
      id: question.id,
      description: `In the last 90 days: ${question.asks}.`,
      sql: questionSql(question, table, LAST_90_DAYS),
    })),
  ];
}
