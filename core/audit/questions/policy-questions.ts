import { PRINCIPAL_PREFIX } from '../../model/stored-ids.ts';
import type { AuditEvent } from '../audit-event.ts';
import { UNKNOWN_AUTHOR } from '../record-change.ts';
import type { AuditQuestion } from './question.ts';
import { grouped, placeOf } from './stories.ts';

/** Types of the facts that operators' commands write together with records of the access table. */
const WRITES = ['policy-pushed', 'principal-set', 'principal-removed'];

/** The clock of an operator's machine and the clock of the table's stream differ by less than this. Seconds. */
const CLOCKS_DIFFER_SECONDS = 900;

/** Every record that a command wrote, with its hash. */
const WROTE_SQL = `wrote AS (
  SELECT w.at, w."by" AS author, s.subject, s.hash
  FROM e w CROSS JOIN UNNEST(w.subjects, w.hashes) AS s(subject, hash)
  WHERE w.type IN (${WRITES.map((type) => `'${type}'`).join(', ')})
)`;

/** Changed records, each with the author of the command that wrote the same hash at about the same time. */
const CHANGED_SQL = `changed AS (
  SELECT c.id, c.at, c.subjects[1] AS record, max_by(wrote.author, wrote.at) AS author,
         max(coalesce(c.note, '')) AS change, max(coalesce(c.before, '')) AS before, max(coalesce(c.after, '')) AS after
  FROM e c LEFT JOIN wrote ON wrote.subject = c.subjects[1] AND wrote.hash = c.hashes[1]
    AND abs(date_diff('second', from_iso8601_timestamp(wrote.at), from_iso8601_timestamp(c.at))) <= ${CLOCKS_DIFFER_SECONDS}
  WHERE c.type = 'record-changed'
  GROUP BY c.id, c.at, c.subjects[1]
)`;

interface ChangedRecord {
  readonly event: AuditEvent;
  readonly record: string;
  readonly author: string;
}

function changedRecords(events: readonly AuditEvent[]): readonly ChangedRecord[] {
  const writes = events.filter(({ type }) => WRITES.includes(type));
  return events
    .filter(({ type }) => type === 'record-changed')
    .map((event) => {
      const [record = ''] = event.subjects ?? [];
      const [hash] = event.hashes ?? [];
      const write = writes.findLast(({ at, subjects = [], hashes = [] }) => {
        const index = subjects.indexOf(record);
        return index >= 0 && hashes[index] === hash && areNear(at, event.at);
      });
      return { event, record, author: write?.by ?? UNKNOWN_AUTHOR };
    });
}

function areNear(one: string, other: string): boolean {
  return Math.abs(Date.parse(one) - Date.parse(other)) <= CLOCKS_DIFFER_SECONDS * 1000;
}

export const POLICY_HISTORY: AuditQuestion = {
  id: 'policy-history',
  asks: 'how each record of the access table has changed, by whose command, with the record before and after',
  columns: ['at', 'record', 'author', 'change', 'before', 'after'],
  orderedBy: 'at',
  answer: (events) =>
    changedRecords(events).map(({ event, record, author }) => ({
      ...{ at: event.at, record, author, change: event.note ?? '' },
      ...{ before: event.before ?? '', after: event.after ?? '' },
    })),
  sql: {
    with: [WROTE_SQL, CHANGED_SQL],
    select: `SELECT at, record, coalesce(author, '${UNKNOWN_AUTHOR}') AS author, change, before, after FROM changed`,
  },
};

export const POLICY_WHEN_GRANTED: AuditQuestion = {
  id: 'policy-when-granted',
  asks: 'what the policy or access record said, word for word, when access was given by it',
  columns: ['at', 'request', 'person', 'account', 'account_id', 'access', 'record', 'version', 'hash', 'text'],
  orderedBy: 'at',
  answer: (events) =>
    events
      .filter(({ type }) => type === 'granting' || type === 'joined')
      .map((event) => ({
        ...{ at: event.at, request: event.requestId ?? '', person: event.requester?.userName ?? '', ...placeOf(event) },
        ...{ record: event.policy?.record ?? '', version: event.policy?.version ?? '' },
        ...{ hash: event.policy?.hash ?? '', text: event.policy?.text ?? '' },
      })),
  sql: {
    with: [],
    select: `SELECT at, requestid AS request, requester.username AS person, coalesce(names.accountname, '') AS account,
       coalesce(target.accountid, '') AS account_id,
       coalesce(names.permissionsetname, names.groupname, target.permissionsetarn, target.groupid, '') AS access,
       coalesce(policy.record, '') AS record, coalesce(policy.version, '') AS version,
       coalesce(policy.hash, '') AS hash, coalesce(policy.text, '') AS text
FROM e WHERE type IN ('granting', 'joined')`,
  },
};

const SEEN = 'seen in a request';

export const MAPPINGS: AuditQuestion = {
  id: 'mappings',
  asks: 'which Slack user is which Identity Center user since when, by record and as requests show it',
  columns: ['since', 'slack_user', 'principal', 'name', 'source', 'author'],
  orderedBy: 'since',
  answer: (events) => {
    const records = changedRecords(events)
      .filter(({ record }) => record.startsWith(PRINCIPAL_PREFIX))
      .map(({ event, record, author }) => ({
        ...{ since: event.at, slack_user: record.slice(PRINCIPAL_PREFIX.length), principal: principalIn(event.after) },
        ...{ name: '', source: event.after === undefined ? 'record removed' : 'record', author },
      }));
    const asked = events.filter(({ type, requester }) => type === 'requested' && (requester?.principalId ?? '') !== '');
    const pairs = grouped(asked, ({ requester }) => `${requester?.slackId} ${requester?.principalId}`);
    const seen = pairs.map(([first]) => ({
      ...{ since: first?.at ?? '', slack_user: first?.requester?.slackId ?? '' },
      ...{ principal: first?.requester?.principalId ?? '', name: first?.requester?.userName ?? '' },
      ...{ source: SEEN, author: '' },
    }));
    return [...records, ...seen];
  },
  sql: {
    with: [WROTE_SQL, CHANGED_SQL],
    select: `SELECT at AS since, substr(record, ${PRINCIPAL_PREFIX.length + 1}) AS slack_user,
       coalesce(json_extract_scalar(after, '$.ssoPrincipal'), '') AS principal, '' AS name,
       CASE WHEN after = '' THEN 'record removed' ELSE 'record' END AS source, coalesce(author, '${UNKNOWN_AUTHOR}') AS author
FROM changed WHERE record LIKE '${PRINCIPAL_PREFIX}%'
UNION ALL
SELECT min(at), requester.slackid, requester.principalid, min_by(requester.username, at), '${SEEN}', ''
FROM e WHERE type = 'requested' AND requester.principalid <> ''
GROUP BY requester.slackid, requester.principalid`,
  },
};

function principalIn(after: string | undefined): string {
  try {
    const { ssoPrincipal } = JSON.parse(after ?? '') as { readonly ssoPrincipal?: unknown };
    return typeof ssoPrincipal === 'string' ? ssoPrincipal : '';
  } catch {
    return '';
  }
}
