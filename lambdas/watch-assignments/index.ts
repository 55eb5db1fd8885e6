import { type PassStep, stepPass } from '../../core/drift/check-provisioned.ts';
import { type HandledChange, handleChange } from '../../core/drift/handle-change.ts';
import { forgetGone } from '../../core/drift/note-made.ts';
import { tellProposals } from '../../core/policy/changing/tell-proposals.ts';
import { log, logFailure } from '../shared/log.ts';
import { METRICS } from '../shared/metric-catalog.ts';
import { count } from '../shared/metrics.ts';
import { services } from './services.ts';
import { isSchedule, readTrailEvent, recordingAccount } from './trail-event.ts';

/** Half a minute of calls at the deployed pace; the next step is five minutes away, so grants find Identity Center free. */
const CALLS_PER_STEP = 300;
/** What is not begun this long before the function's timeout is left to the next step. Milliseconds. */
const STOP_BEFORE_MS = 20_000;

interface Context {
  getRemainingTimeInMillis?(): number;
}

/**
 * The target of two rules: one hears of every change of an assignment as CloudTrail records it, the other lets the full pass take
 * a step. Reads Identity Center only; what has to be removed is removed by the sweep.
 */
export async function handler(event: unknown, context?: Context): Promise<PassStep | HandledChange | undefined> {
  const scheduled = isSchedule(event);
  try {
    return scheduled ? await step(context) : await heed(event);
  } catch (error) {
    logFailure('drift.failed', error);
    count(METRICS.driftUnseen);
    // An event is delivered again. A step is not: the next one does the same work, and Identity Center's quota is not ours alone.
    if (scheduled) return undefined;
    throw error;
  }
}

async function heed(event: unknown): Promise<HandledChange | undefined> {
  const { shared, watched } = services();
  await noteHeard(event);
  const change = readTrailEvent(event, watched);
  if (change === undefined) return undefined;
  const heeded = await handleChange(change, shared);
  if (heeded.outcome !== 'own') log('drift.change', { kind: change.kind, eventId: change.eventId, ...heeded });
  return heeded;
}

/** For the doctor: events of this account come. Which is all it says, so a failure is only logged. */
async function noteHeard(event: unknown): Promise<void> {
  const accountId = recordingAccount(event);
  if (accountId === undefined) return;
  try {
    await services().heardFrom(accountId);
  } catch (error) {
    logFailure('drift.sign-lost', error);
  }
}

/** Operators hear of it beside drift: in minutes, and again where they could not be told. Drift is looked at whatever comes of it. */
async function tellOfProposals(): Promise<void> {
  const { proposed } = services();
  if (proposed === undefined) return;
  try {
    await tellProposals(proposed);
  } catch (error) {
    logFailure('policies.proposals-untold', error);
  }
}

async function step(context: Context | undefined): Promise<PassStep> {
  const remaining = () => context?.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY;
  const { shared, everySeconds, readings } = services();
  const { provisioned, callsMade } = readings();
  await tellOfProposals();
  const onFailure = (error: unknown) => logFailure('drift.part-failed', error);
  const unseen = await forgetGone({ ...shared, onFailure });
  const result = await stepPass({
    ...shared,
    provisioned,
    everySeconds,
    isSpent: () => callsMade() >= CALLS_PER_STEP || remaining() < STOP_BEFORE_MS,
    onFailure,
  });
  const failures = unseen + result.failures;
  if (failures > 0 || result.late) count(METRICS.driftUnseen, Math.max(1, failures));
  if (result.outcome !== 'not-due') log('drift.step', { ...result, calls: callsMade() });
  return result;
}
