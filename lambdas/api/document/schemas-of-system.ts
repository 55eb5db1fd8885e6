import * as z from 'zod/mini';
import { described, instant, maybe } from './schemas.ts';

const alarmSchema = z.object({
  id: described(z.string(), 'Stable; the end of its name'),
  name: described(z.string(), 'In CloudWatch'),
  severity: described(
    z.enum(['high', 'low']),
    'high: access may be open that should not be, or cannot be given in an emergency',
  ),
  title: z.string(),
  since: maybe(instant('When it came to stand so')),
  runbook: described(z.string(), 'Heading in docs/runbook.md; empty where somebody has changed its description'),
});

const alarmsSchema = z.object({
  firing: described(z.array(alarmSchema), 'In ALARM: those of high severity first, then the one that began last'),
  insufficient: described(z.array(alarmSchema), 'Of which CloudWatch cannot say how they stand: too little data'),
  ok: described(z.number(), 'How many are OK'),
});

/** The state of the deployment: alarms, signs of life, versions. */
export const systemSchema = z.object({
  lookedAt: instant('When all of this was looked at'),
  alarms: described(maybe(alarmsSchema), 'null where CloudWatch could not be asked'),
  signs: described(
    z.object({
      sweptAt: maybe(instant('When the last sweep was')),
      heardHereAt: maybe(instant('When a change of an assignment was last heard of from this account')),
      heardFromManagementAt: maybe(instant('The same from the management account')),
      driftMode: z.enum(['report-only', 'enforcing']),
      driftPassStartedAt: maybe(instant('When the last full pass began')),
      driftPassFinishedAt: maybe(instant('When it was done')),
    }),
    'What is known without asking anybody but the tables',
  ),
  doctor: described(
    maybe(z.string()),
    'The command that looks at everything; null while the name of the stack is unknown',
  ),
  versions: z.object({
    glasshammer: described(maybe(z.string()), 'Of the checkout that was deployed'),
    tables: described(maybe(z.number()), 'Of the schema of the tables; null where what they say is no number'),
    tablesProblem: described(maybe(z.string()), 'Why this version can work with these tables no more'),
    node: described(z.string(), 'Of the runtime of the API'),
  }),
});

export type SystemView = z.infer<typeof systemSchema>;
