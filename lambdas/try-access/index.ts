import * as z from 'zod/mini';
import { askAsCanary, type CanaryAsk, endAsCanary, judgeCanary, lookAtCanary } from '../../core/doctor/canary.ts';
import { log } from '../shared/log.ts';
import { METRICS } from '../shared/metric-catalog.ts';
import { count } from '../shared/metrics.ts';
import { requestIdFrom } from '../shared/request-id.ts';
import { type Services, services } from './services.ts';

const id = z.string().check(z.minLength(1), z.maxLength(200));

/** What the function is asked: by a schedule every night, and step by step by `glasshammer doctor --canary`. */
const callSchema = z.union([
  z.strictObject({ nightly: z.enum(['ask', 'judge']) }),
  z.strictObject({
    ask: z.strictObject({
      /** Equal for the same trial. */
      key: id,
      target: z.union([z.strictObject({ accountId: id, permissionSet: id }), z.strictObject({ group: id })]),
    }),
  }),
  z.strictObject({ look: id }),
  z.strictObject({ end: id }),
]);

/**
 * The canary: access that is really given and taken back, to a user nobody is. It asks by the policies like anybody; whoever may call
 * this function can have nothing by it that a policy does not give to the canary.
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

/** One trial a day, in UTC: the schedule may fire twice. */
function tonightsRequest({ canaryUserId, now }: Services): string {
  return requestIdFrom(['canary-nightly', canaryUserId, now().toISOString().slice(0, 10)]);
}

async function askTonight(all: Services): Promise<CanaryAsk | undefined> {
  if (all.nightly === undefined) return undefined;
  const came = await askAsCanary(tonightsRequest(all), all.nightly, all);
  if (came.asked) log('canary.asked', { requestId: came.requestId });
  else fail(came.refusal.reason, came.requestId);
  return came;
}

/** Long after its time: given, and gone, or somebody is woken. */
async function judgeTonight(all: Services): Promise<unknown> {
  if (all.nightly === undefined) return undefined;
  const requestId = tonightsRequest(all);
  const verdict = judgeCanary(await lookAtCanary(requestId, all));
  if (!verdict.right) fail(verdict.because, requestId);
  else {
    const { givenAfterSeconds, goneAfterSeconds } = verdict;
    log('canary.right', { requestId, givenAfterSeconds, goneAfterSeconds });
    count(METRICS.canaryFailed, 0);
  }
  return verdict;
}

function fail(because: string, requestId: string | undefined): void {
  log('canary.failed', { because, requestId });
  count(METRICS.canaryFailed);
}
