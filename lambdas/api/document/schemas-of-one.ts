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
        requestedAt: instant('When it was asked'),
        endedAt: maybe(instant('When access was gone')),
        breakGlass: z.boolean(),
        review: maybe(z.enum(['owed', 'acknowledged', 'questioned'])),
      }),
    ),
    'What the person asked for before, at most ten, the last first; without reasons, notes and ids',
  ),
  since: instant('What was asked before this was not looked at'),
});

export const auditRecordSchema = z.object({
  execution: described(
    maybe(
      z.object({
        arn: z.string(),
        address: described(
          z.string(),
          'Its page in the AWS console; Step Functions keeps it for 90 days after its end',
        ),
      }),
    ),
    'The run of its workflow; null for what was refused at once, which has none',
  ),
  events: described(
    z.array(
      z.object({
        event: described(
          z.record(z.string(), z.unknown()),
          'As it is sent to the archive and the bus; docs/audit.md has the fields',
        ),
        key: described(z.string(), 'Of its object in the archive'),
      }),
    ),
    'Everything that is recorded of it, oldest first',
  ),
});

export type AuditRecordView = z.output<typeof auditRecordSchema>;
export type RequesterHistoryView = z.output<typeof requesterHistorySchema>;
