import { readable } from '../../../core/drift/types.ts';
import { unknownSchema } from '../../../core/model/schema-version.ts';
import { heardId, SWEPT_ID } from '../../../core/model/stored-ids.ts';
import { compareText } from '../../../core/model/text.ts';
import type { AlarmState } from '../../../gateways/alarms.ts';
import { logFailure } from '../../shared/log.ts';
import { readAlarm } from '../../shared/monitoring/alarm-names.ts';
import type { SystemView } from '../document/schemas-of-system.ts';
import { type ApiAnswer, answerJson } from '../http.ts';
import type { Services } from '../services.ts';
import type { Call } from './act.ts';

/**
 * The state of the deployment: its alarms, its signs of life, its versions, and the command that checks everything
 * else.
 */
export async function system(_call: Call, all: Services): Promise<ApiAnswer> {
  const { accountId, managementAccountId, stack, version } = all.deployment;
  const [alarms, sweptAt, heardHereAt, heardFromManagementAt, mode, pass, schema] = await Promise.all([
    readAlarms(all),
    all.heartbeat(SWEPT_ID),
    all.heartbeat(heardId(accountId)),
    all.heartbeat(heardId(managementAccountId)),
    all.drift.mode(),
    all.drift.pass(),
    all.schema(),
  ]);
  const known = readable(pass);
  return answerJson(200, {
    lookedAt: all.now().toISOString(),
    alarms,
    signs: {
      sweptAt: sweptAt ?? null,
      heardHereAt: heardHereAt ?? null,
      heardFromManagementAt: heardFromManagementAt ?? null,
      driftMode: mode.mode,
      driftPassStartedAt: known?.startedAt ?? null,
      driftPassFinishedAt: known?.finishedAt ?? null,
    },
    doctor: stack === undefined ? null : `npx glasshammer doctor --stack ${stack}`,
    versions: {
      glasshammer: version ?? null,
      tables: tablesVersion(schema),
      tablesProblem: unknownSchema(schema) ?? null,
      node: process.version,
    },
  } satisfies SystemView);
}

/** `null` if CloudWatch does not answer: the rest of the answer does not depend on it. */
async function readAlarms({ alarms, deployment: { prefix } }: Services): Promise<SystemView['alarms']> {
  let states: readonly AlarmState[];
  try {
    states = await alarms(`${prefix}-`);
  } catch (error) {
    logFailure('api.alarms-unread', error);
    return null;
  }
  const ours = states.flatMap(({ name, description, state, since = null }) => {
    const read = readAlarm(prefix, name, description);
    if (read === undefined) return [];
    const { id, severity, title, runbookHeading: runbook } = read;
    return [{ state, alarm: { id, name, severity, title, since, runbook } }];
  });
  const inState = (wanted: AlarmState['state']) =>
    ours.flatMap(({ state, alarm }) => (state === wanted ? [alarm] : [])).sort(worstFirst);
  return { firing: inState('ALARM'), insufficient: inState('INSUFFICIENT_DATA'), ok: inState('OK').length };
}

type Alarm = NonNullable<SystemView['alarms']>['firing'][number];

/** By severity, then the one that began last first, then by name. */
function worstFirst(a: Alarm, b: Alarm): number {
  if (a.severity !== b.severity) return a.severity === 'high' ? -1 : 1;
  return compareText(b.since ?? '', a.since ?? '') || compareText(a.name, b.name);
}

function tablesVersion(item: { readonly version?: unknown } | undefined): number | null {
  const version = item === undefined ? 1 : item.version;
  return typeof version === 'number' && Number.isFinite(version) ? version : null;
}
