import * as z from 'zod/mini';
import { CALL_KINDS } from '../../../core/activity/classify/call-kind.ts';
import { described, instant, maybe } from './schemas.ts';

/*
 * Answers about what was done with an access. Answers only grow: fields are added, never removed.
 */

/** What was done with an access, as far as CloudTrail showed it. */
const doneSchema = z.object({
  headline: described(z.string(), 'In one line: `3 writes, 1 refused, 41 reads`, or why there are no numbers'),
  verdict: described(z.string(), 'What can be said of it, in a sentence'),
  from: instant('Calls from then on belong to it'),
  to: instant('Calls until then do'),
  counts: described(
    maybe(z.record(z.string(), z.number())),
    `Calls by kind: ${CALL_KINDS.join(', ')}; null where nothing could be read`,
  ),
  coverage: z.object({
    status: z.enum(['complete', 'partly', 'unreadable', 'not-attributable']),
    regionsRead: described(z.array(z.string()), "Regions of the access's account that were read to their end"),
    regionsNotRead: z.array(z.object({ accountId: z.string(), region: z.string(), why: z.string() })),
    gaps: described(z.array(z.string()), 'What should have been seen and was not, in sentences'),
    limits: described(z.array(z.string()), 'Where was looked, and what can never be seen there'),
  }),
  findings: z.array(
    z.object({
      id: described(z.string(), 'Stable; for programs'),
      level: described(z.enum(['look', 'note']), 'look: may be harm'),
      title: z.string(),
      sentence: described(z.string(), 'What it means'),
      found: z.string(),
      resources: z.array(z.string()),
    }),
  ),
  mayStillAct: described(z.array(z.string()), 'What was given a role or credentials and may act on'),
  sessions: described(
    z.array(z.object({ depth: z.number(), name: z.string(), detail: z.string() })),
    'Sessions and keys, each below the one it was begun from; empty where nothing was gone on to',
  ),
  calls: described(
    z.array(
      z.object({
        kind: described(z.string(), `One of ${CALL_KINDS.join(', ')}`),
        action: z.string(),
        count: z.number(),
        errorCode: maybe(z.string()),
        risk: maybe(described(z.string(), 'Title of the finding that such calls are part of')),
        as: maybe(described(z.string(), "The role gone on as; null: the permission set's own")),
        first: instant('The first'),
        last: instant('The last'),
        resources: z.array(z.string()),
      }),
    ),
    'Calls of one kind, action, error and role together; where there are very many, those that matter least are in the counts alone',
  ),
});

const reportSchema = z.extend(doneSchema, {
  edition: described(z.string(), 'first, final, or addendum- with a number'),
  sentAt: described(maybe(instant('When it was mailed')), 'null: it could not be mailed yet'),
  finalAt: described(maybe(instant('When the final edition is read')), 'Of a first edition'),
  news: described(
    maybe(z.object({ since: z.string(), lines: z.array(z.string()) })),
    'What the edition before did not say; null where there was none',
  ),
  advice: described(z.array(z.string()), 'Which permission set would have been enough, in sentences'),
  list: described(
    maybe(
      z.object({
        sentence: z.string(),
        files: z.array(
          z.object({
            format: z.enum(['csv', 'json']),
            key: described(z.string(), 'Of the object in the bucket of the archive'),
            sha256: z.string(),
            address: described(z.string(), 'Where a person opens it; AWS asks who they are, and whether they may'),
          }),
        ),
      }),
    ),
    'Every call, one by one, as it is kept in the archive; null where no call was listed',
  ),
});

export const reportAnswerSchema = z.object({
  accessId: described(z.string(), 'Id of the request the access lives on, which the report is about'),
  report: described(maybe(reportSchema), 'The newest edition that is out; null before any is'),
});

export const activityAnswerSchema = z.object({
  accessId: described(z.string(), 'Id of the request the access lives on'),
  status: described(z.enum(['reading', 'read']), 'reading: it is being read; call again in some seconds'),
  readAt: maybe(instant('When what is answered was read')),
  done: described(maybe(doneSchema), 'What was seen by then; null before it was read'),
});

export type ActivityAnswer = z.output<typeof activityAnswerSchema>;
export type DoneView = z.output<typeof doneSchema>;
export type ReportView = z.output<typeof reportSchema>;
export type ReportAnswer = z.output<typeof reportAnswerSchema>;
