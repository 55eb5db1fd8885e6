import * as z from 'zod/mini';
import { CALL_KINDS } from '../../../core/activity/classify/call-kind.ts';
import { described, instant, maybe } from './schemas.ts';

/*
 * Answers about what was done with an access. Answers only grow: fields are added, never removed.
 */

/** What was done with an access, as far as CloudTrail showed it. */
const doneSchema = z.object({
  headline: described(z.string(), 'In one line: `3 writes, 1 refused, 41 reads`, or why there are no numbers'),
  verdict: described(z.string(), 'The conclusion, in one sentence'),
  from: instant('Calls from this time on are counted'),
  to: instant('Calls until this time are counted'),
  counts: described(
    maybe(z.record(z.string(), z.number())),
    `Calls by kind: ${CALL_KINDS.join(', ')}; null if nothing could be read`,
  ),
  coverage: z.object({
    status: z.enum(['complete', 'partly', 'unreadable', 'not-attributable']),
    regionsRead: described(z.array(z.string()), "Regions of the access's account that were read completely"),
    regionsNotRead: z.array(z.object({ accountId: z.string(), region: z.string(), why: z.string() })),
    gaps: described(z.array(z.string()), 'Calls that should have been seen and were not, one sentence each'),
    limits: described(z.array(z.string()), 'Which sources were read, and what they never show'),
  }),
  findings: z.array(
    z.object({
      id: described(z.string(), 'A stable code for programs'),
      level: described(z.enum(['look', 'note']), 'look: may be harmful, look at it; note: for information'),
      title: z.string(),
      sentence: described(z.string(), 'What it means'),
      found: z.string(),
      resources: z.array(z.string()),
    }),
  ),
  mayStillAct: described(
    z.array(z.string()),
    'Resources with a role or credentials, and sessions, that may act after the end',
  ),
  sessions: described(
    z.array(z.object({ depth: z.number(), name: z.string(), detail: z.string() })),
    'Further sessions and keys, each after the one that created it; empty if the person used no others',
  ),
  calls: described(
    z.array(
      z.object({
        kind: described(z.string(), `One of ${CALL_KINDS.join(', ')}`),
        action: z.string(),
        count: z.number(),
        errorCode: maybe(z.string()),
        risk: maybe(described(z.string(), 'Title of the finding that the calls belong to')),
        as: maybe(
          described(z.string(), "The role with which the calls were made; null if it was the permission set's"),
        ),
        first: instant('Time of the first call'),
        last: instant('Time of the last call'),
        resources: z.array(z.string()),
      }),
    ),
    'Calls grouped by kind, action, error and role; if there are very many, the least important are only counted',
  ),
});

const reportSchema = z.extend(doneSchema, {
  edition: described(z.string(), 'first, final, or addendum-<number>'),
  sentAt: described(maybe(instant('When it was mailed')), 'null if it could not be mailed yet'),
  finalAt: described(maybe(instant('When the final edition will be made')), 'Of a first edition only'),
  news: described(
    maybe(z.object({ since: z.string(), lines: z.array(z.string()) })),
    'What the previous edition did not say; null if there was no previous edition',
  ),
  advice: described(z.array(z.string()), 'Which permission set would have been enough, one sentence each'),
  list: described(
    maybe(
      z.object({
        sentence: z.string(),
        files: z.array(
          z.object({
            format: z.enum(['csv', 'json']),
            key: described(z.string(), 'Key of the object in the archive bucket'),
            sha256: z.string(),
            address: described(
              z.string(),
              'Its page in the AWS console; it opens for people whose AWS rights allow it',
            ),
          }),
        ),
      }),
    ),
    'The list of every single call, kept in the archive; null if no call was listed',
  ),
});

export const reportAnswerSchema = z.object({
  accessId: described(z.string(), 'Id of the request whose access the report is about'),
  report: described(maybe(reportSchema), 'The newest edition; null before the first'),
});

export const activityAnswerSchema = z.object({
  accessId: described(z.string(), 'Id of the request whose access this is about'),
  status: described(z.enum(['reading', 'read']), 'reading: CloudTrail is being read; call again in some seconds'),
  readAt: maybe(instant('When the data in this answer was read')),
  done: described(maybe(doneSchema), 'What was done until then; null before the first read'),
});

export type ActivityAnswer = z.output<typeof activityAnswerSchema>;
export type DoneView = z.output<typeof doneSchema>;
export type ReportView = z.output<typeof reportSchema>;
export type ReportAnswer = z.output<typeof reportAnswerSchema>;
