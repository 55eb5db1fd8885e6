import type { AuditQuestion } from './question.ts';
import { placeOf, voteOf } from './stories.ts';

/** Columns for the requester, the account and the permission set or group of an event `e`, in SQL. */
const PLACE_SQL = `e.requester.username AS person, coalesce(e.names.accountname, '') AS account, coalesce(e.target.accountid, '') AS account_id,
       coalesce(e.names.permissionsetname, e.names.groupname, e.target.permissionsetarn, e.target.groupid, '') AS access`;

export const WHO_APPROVED: AuditQuestion = {
  id: 'who-approved',
  asks: 'who voted on which request, how and with which words',
  columns: ['at', 'request', 'person', 'account', 'account_id', 'access', 'approver', 'approver_name', 'vote', 'note'],
  orderedBy: 'at',
  answer: (events) =>
    events
      .filter(({ type }) => type === 'vote')
      .map((event) => ({
        ...{ at: event.at, request: event.requestId ?? '', person: event.requester?.userName ?? '', ...placeOf(event) },
        ...{ approver: event.by, approver_name: event.byName ?? '', vote: voteOf(event), note: event.note ?? '' },
      })),
  sql: {
    with: [],
    select: `SELECT e.at, e.requestid AS request, ${PLACE_SQL},
       e."by" AS approver, coalesce(e.byname, '') AS approver_name,
       CASE WHEN e.note LIKE 'approve%' THEN 'approve' ELSE 'deny' END AS vote, coalesce(e.note, '') AS note
FROM e WHERE e.type = 'vote'`,
  },
};

/** How an approver came to be asked, by the type of the event that lists them. */
const ASKED: Readonly<Record<string, string>> = {
  pending: 'asked',
  escalated: 'asked later, as the policy names them',
  approved: 'passed over when the glass broke',
};

export const COULD_HAVE_APPROVED: AuditQuestion = {
  id: 'could-have-approved',
  asks: 'whose vote could have decided a request, who was passed over, and who of them voted',
  columns: [
    ...['asked_at', 'request', 'person', 'account', 'account_id', 'access'],
    ...['approver', 'approver_name', 'asked', 'voted'],
  ],
  orderedBy: 'asked_at',
  answer: (events) => {
    const votes = events.filter(({ type }) => type === 'vote');
    const names = new Map(events.flatMap(({ by, byName }) => (byName === undefined ? [] : [[by, byName] as const])));
    return events.flatMap((event) =>
      (ASKED[event.type] === undefined ? [] : (event.approvers ?? [])).map((approver) => {
        const vote = votes.findLast(({ requestId, by }) => requestId === event.requestId && by === approver);
        return {
          ...{ asked_at: event.at, request: event.requestId ?? '', person: event.requester?.userName ?? '' },
          ...{ ...placeOf(event), approver, approver_name: names.get(approver) ?? '', asked: ASKED[event.type] ?? '' },
          voted: vote === undefined ? '' : voteOf(vote),
        };
      }),
    );
  },
  sql: {
    with: [
      `votes AS (
  SELECT requestid, "by" AS voter, max_by(CASE WHEN note LIKE 'approve%' THEN 'approve' ELSE 'deny' END, at) AS vote
  FROM e WHERE type = 'vote' GROUP BY requestid, "by"
)`,
      `known AS (
  SELECT "by" AS id, max_by(byname, at) AS name FROM e WHERE byname IS NOT NULL GROUP BY "by"
)`,
    ],
    select: `SELECT e.at AS asked_at, e.requestid AS request, ${PLACE_SQL},
       a.approver, coalesce(known.name, '') AS approver_name,
       CASE ${Object.entries(ASKED)
         .map(([type, words]) => `WHEN e.type = '${type}' THEN '${words}'`)
         .join(' ')} END AS asked,
       coalesce(votes.vote, '') AS voted
FROM e CROSS JOIN UNNEST(e.approvers) AS a(approver)
LEFT JOIN votes ON votes.requestid = e.requestid AND votes.voter = a.approver
LEFT JOIN known ON known.id = a.approver
WHERE e.type IN (${Object.keys(ASKED)
      .map((type) => `'${type}'`)
      .join(', ')})`,
  },
};
