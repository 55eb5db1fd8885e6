import * as z from 'zod/mini';
import { askAsCanary, type CanaryAsk, endAsCanary, judgeCanary, lookAtCanary } from '../../core/doctor/canary.ts';
import { log } from '../shared/log.ts';
import { METRICS } from '../shared/monitoring/metric-catalog.ts';
import { count } from '../shared/monitoring/metrics.ts';
import { requestIdFrom } from '../shared/request-id.ts';
import { type Services, services } from './services.ts';

const id = z.string().check(z.minLength(1), z.maxLength(200));

/** The function's input: from a schedule every night, or step by step from `glasshammer doctor --canary`. */
const callSchema = z.union([
  z.strictObject({ nightly: z.enum(['ask', 'judge']) }),
  z.strictObject({
    ask: z.strictObject({
      /** The same for all calls of one trial. */
      key: id,
      target: z.union([z.strictObject({ accountId: id, permissionSet: id }), z.strictObject({ group: id })]),
    }),
  }),
  z.strictObject({ look: id }),
  z.strictObject({ end: id }),
]);

/**
 * The canary: really gives access to a user who is no person, and removes it again. The policies decide as for any ask,
 * so a caller of this function gets nothing that no policy gives to the canary's user.
 */
export async function handler(event: unknown): Promise<unknown> {
  const call = z.parse(callSchema, event);
  const all = services();
  if ('nightly' in call) return call.nightly === 'ask' ? askTonight(all) : judgeTonight(all);
  if ('ask' in call)
    return askAsCanary(requestIdFrom(['canary', all.canaryUserId, call.ask.key]), call.ask.target, all);
  if ('look' in call) return (await lookAtCanary(call.look, all)) ?? { unknown: true };
  return { ended: await endAsCanary(call.end, all) };
}

/** One trial a day, in UTC, even if the schedule fires twice. */
function tonightsRequest({ canaryUserId, now }: Services): string {
  return requestIdFrom(['canary-nightly', canaryUserId, now().toISOString().slice(0, 10)]);
}

async function askTonight(all: Services): Promise<CanaryAsk | undefined> {
  if (all.nightly === undefined) return undefined;
  const came = await askAsCanary(tonightsRequest(all), all.nightly, all);
  if (came.asked) log('canary.asked', { requestId: came.requestId });
  // Counted when the trial is judged, so that one failed night is one alarm.
  else log('canary.failed', { because: came.because, requestId: came.requestId });
  return came;
}

/** Runs long after the trial should be over. If access was not given, or is still there, the alarm goes off. */
async function judgeTonight(all: Services): Promise<unknown> {
  if (all.nightly === undefined) return undefined;
  const requestId = tonightsRequest(all);
  const verdict = judgeCanary(await lookAtCanary(requestId, all));
  if (!verdict.right) {
    log('canary.failed', { because: verdict.because, requestId });
    count(METRICS.canaryFailed);
  } else {
    const { givenAfterSeconds, goneAfterSeconds } = verdict;
    log('canary.right', { requestId, givenAfterSeconds, goneAfterSeconds });
    count(METRICS.canaryFailed, 0);
  }
  return verdict;
}
