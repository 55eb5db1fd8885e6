import * as z from 'zod/mini';
import { described, instant, maybe } from './schemas.ts';

const alarmSchema = z.object({
  id: described(z.string(), 'The end of its name; it does not change'),
  name: described(z.string(), 'Its name in CloudWatch'),
  severity: described(
    z.enum(['high', 'low']),
    'high: access may be open that should not be, or cannot be given in an emergency',
  ),
  title: z.string(),
  since: maybe(instant('When it entered its state')),
  runbook: described(z.string(), 'Heading in docs/runbook.md; empty if somebody changed the description of the alarm'),
});

const alarmsSchema = z.object({
  firing: described(z.array(alarmSchema), 'Alarms in ALARM: high severity first, then the newest'),
  insufficient: described(z.array(alarmSchema), 'Alarms in INSUFFICIENT_DATA'),
  ok: described(z.number(), 'How many alarms are OK'),
});

/** The state of the deployment: alarms, signs of life, versions. */
export const systemSchema = z.object({
  lookedAt: instant('When all of this was read'),
  alarms: described(maybe(alarmsSchema), 'null if CloudWatch could not be read'),
  signs: described(
    z.object({
      sweptAt: maybe(instant('When the last sweep ran')),
      heardHereAt: maybe(instant('When this account last reported a change of an assignment')),
      heardFromManagementAt: maybe(instant('When the management account last reported a change of an assignment')),
      driftMode: z.enum(['report-only', 'enforcing']),
      driftPassStartedAt: maybe(instant('When the last full drift pass began')),
      driftPassFinishedAt: maybe(instant('When it finished')),
    }),
    'When the background jobs last ran, as the tables record it',
  ),
  doctor: described(
    maybe(z.string()),
    'The command that checks the whole deployment; null if the name of the stack is unknown',
  ),
  versions: z.object({
    glasshammer: described(maybe(z.string()), 'Version of the checkout that was deployed'),
    tables: described(
      maybe(z.number()),
      'Version of the schema of the tables; null if what is stored there is not a number',
    ),
    tablesProblem: described(maybe(z.string()), 'Why this version cannot work with these tables'),
    node: described(z.string(), 'Node.js version on which the API runs'),
  }),
});

export type SystemView = z.infer<typeof systemSchema>;
