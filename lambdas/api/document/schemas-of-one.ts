import * as z from 'zod/mini';
import { described, instant, maybe, targetSchema } from './schemas.ts';

/*
 * Answers about one request, apart from the request itself. Answers only grow: fields are added, never removed.
 */

export const requesterHistorySchema = z.object({
  requests: described(
    z.array(
      z.object({
        target: targetSchema,
        state: z.string(),
        duration: described(z.string(), 'ISO 8601'),
        requestedAt: instant('When it was asked for'),
        endedAt: maybe(instant('When access had been removed')),
        breakGlass: z.boolean(),
        review: maybe(z.enum(['owed', 'acknowledged', 'questioned'])),
      }),
    ),
    'Earlier requests of the person, at most ten, newest first; without reasons, notes and ids',
  ),
  since: instant('Requests before this time were not looked at'),
});

export const auditRecordSchema = z.object({
  execution: described(
    maybe(
      z.object({
        arn: z.string(),
        address: described(
          z.string(),
          'Its page in the AWS console; Step Functions keeps an execution for 90 days after its end',
        ),
      }),
    ),
    'The execution of its workflow; null if it was refused at once, because no workflow was started',
  ),
  events: described(
    z.array(
      z.object({
        event: described(
          z.record(z.string(), z.unknown()),
          'The event as it is sent to the archive and the event bus; docs/audit.md has the fields',
        ),
        key: described(z.string(), 'Key of its object in the archive bucket'),
      }),
    ),
    'Audit events of the request, oldest first',
  ),
});

export type AuditRecordView = z.output<typeof auditRecordSchema>;
export type RequesterHistoryView = z.output<typeof requesterHistorySchema>;
