import { type PassStep, stepPass } from '../../core/drift/check-provisioned.ts';
import { type HandledChange, handleChange } from '../../core/drift/handle-change.ts';
import { forgetGone } from '../../core/drift/note-made.ts';
import { tellProposals } from '../../core/policy/changing/tell-proposals.ts';
import { log, logFailure } from '../shared/log.ts';
import { METRICS } from '../shared/monitoring/metric-catalog.ts';
import { count } from '../shared/monitoring/metrics.ts';
import { services } from './services.ts';
import { isSchedule, readTrailEvent, recordingAccount } from './trail-event.ts';

/**
 * Calls of one step: half a minute at the deployed pace of 10 a second. The next step is five minutes away, so that
 * grants have Identity Center's quota in between.
 */
const CALLS_PER_STEP = 300;
/** Work that is not begun this long before the function's timeout is left to the next step. Milliseconds. */
const STOP_BEFORE_MS = 20_000;

interface Context {
  getRemainingTimeInMillis?(): number;
}

/**
 * The target of two rules: one sends every change of an assignment that CloudTrail records, the other starts the next
 * step of the full pass. It only reads Identity Center; the sweep removes drift.
 */
export async function handler(event: unknown, context?: Context): Promise<PassStep | HandledChange | undefined> {
  const scheduled = isSchedule(event);
  try {
    return scheduled ? await step(context) : await handleTrailEvent(event);
  } catch (error) {
    logFailure('drift.failed', error);
    count(METRICS.driftUnseen);
    // Lambda runs the function for a failed event twice more, within minutes. A failed step is not repeated: the next
    // one does the same work, and other callers share Identity Center's quota.
    if (scheduled) return undefined;
    throw error;
  }
}

async function handleTrailEvent(event: unknown): Promise<HandledChange | undefined> {
  const { shared, watched } = services();
  await noteHeard(event);
  const change = readTrailEvent(event, watched);
  if (change === undefined) return undefined;
  const handled = await handleChange(change, shared);
  if (handled.outcome !== 'own') log('drift.change', { kind: change.kind, eventId: change.eventId, ...handled });
  return handled;
}

/**
 * A sign of life for the doctor: events of this account arrive. Nothing else depends on it, so a failure is only
 * logged.
 */
async function noteHeard(event: unknown): Promise<void> {
  const accountId = recordingAccount(event);
  if (accountId === undefined) return;
  try {
    await services().heardFrom(accountId);
  } catch (error) {
    logFailure('drift.sign-lost', error);
  }
}

/**
 * Tells operators about proposals that wait, within minutes, and again if that failed before. It never throws, so that
 * the step of the full pass goes on.
 */
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
