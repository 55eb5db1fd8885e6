import type { HoldStore, RequestStore } from '../../../access/ports.ts';
import { after } from '../../../model/events.ts';
import { type Refusal, refusal } from '../../../model/refusal.ts';
import { type AccessRequest, assignmentOf } from '../../../model/request.ts';
import { isGroupTarget } from '../../../model/target.ts';
import { compareText } from '../../../model/text.ts';
import { emptyDigest } from '../../classify/aggregate/digest.ts';
import { wholeSeconds } from '../../classify/call.ts';
import type { ListedCall } from '../../classify/listed-call.ts';
import type { ActivitySource, StoredReport } from '../../ports.ts';
import { type PlanSettings, planReport } from '../../read/plan.ts';
import { beginReading, openCursors, readRound } from '../../read/reading.ts';
import { activityView } from '../activity-view.ts';
import { type AsGrantedServices, asGranted, type RequestAsGranted } from '../as-granted.ts';
import { sourceWords } from '../editions/start-report.ts';
import { buildReport, type ReportModel } from '../report.ts';
import { type KeptSoFar, SO_FAR_PAUSE_SECONDS, whyNotSoFar } from './may-see-so-far.ts';

/**
 * Reading stops after this long, even in the middle of a look-up: a person waits, Lambda ends the function after 55
 * seconds, and the answer says what is missing. Seconds.
 */
export const SO_FAR_READING_SECONDS = 30;
/** Bounds the loop, because a round that finds nothing to read ends at once. */
const MOST_ROUNDS = 40;
const PAUSE_MS = 1000;

/** Limits how often one request is read. */
export interface SoFarGate {
  /**
   * Admits the first question within the pause. The same question (`askId`), delivered again, is admitted again.
   *
   * @param at ISO 8601
   * @returns `undefined` if the question is admitted, else when the last one was admitted, ISO 8601
   */
  pass(requestId: string, askId: string, at: string): Promise<string | undefined>;
}

export interface SoFarServices extends AsGrantedServices {
  readonly requests: Pick<RequestStore, 'get'>;
  readonly holds: Pick<HoldStore, 'given' | 'granted' | 'of'>;
  readonly source: ActivitySource;
  readonly settings: PlanSettings;
  readonly gate: SoFarGate;
  /** Waits this many milliseconds. */
  pause(ms: number): Promise<void>;
  /** Resolves after this many milliseconds, whatever happens in the meantime. */
  timeLimit(ms: number): Promise<void>;
}

/** What was done so far with an access, or why it is refused. */
export type SoFar =
  | {
      readonly read: true;
      /** The first request of the access, whose id the access has. */
      readonly request: AccessRequest;
      readonly model: ReportModel;
      readonly calls: readonly ListedCall[];
      /** The same, as it is stored for the next question. */
      readonly kept: KeptSoFar;
    }
  | { readonly read: false; readonly refusal: Refusal };

/**
 * Reads what was done with an access that is not reported yet. The answer has the form of a report and is none: it is
 * not stored as one, and the report reads everything again, because CloudTrail delivers late.
 *
 * @param askId the same when the same question is delivered again
 */
export async function readSoFar(requestId: string, askId: string, services: SoFarServices): Promise<SoFar> {
  const named = await services.requests.get(requestId);
  const found = named?.accessId === undefined ? named : await services.requests.get(named.accessId);
  if (found === undefined) return { read: false, refusal: refusal('unknown-request') };
  const why = whyNotSoFar(found);
  if (why !== undefined) return { read: false, refusal: why };
  const request = await readAsGranted(found, services);
  const at = services.now().toISOString();
  const last = await services.gate.pass(request.id, askId, at);
  if (last !== undefined) return { read: false, refusal: refusal('asked-lately', after(last, SO_FAR_PAUSE_SECONDS)) };
  const calls: ListedCall[] = [];
  const report = await readNow(request, (call) => calls.push(call), services);
  const { suggestion: _, ...model } = buildReport(request, report, {
    sourceName: services.source.name,
    calls,
    overlapping: (await services.holds.of(assignmentOf(request))).filter(
      ({ accessId, startedAt, endsAt }) =>
        accessId !== request.id && startedAt <= report.plan.to && endsAt >= report.plan.from,
    ),
  });
  return { read: true, request, model, calls, kept: { readAt: at, done: activityView(report.plan, model) } };
}

/** The access may have been extended between the reads of the request and of what was granted, so it is read again. */
async function readAsGranted(found: AccessRequest, services: SoFarServices): Promise<RequestAsGranted> {
  const known = await asGranted(found, services);
  if (known.altered === undefined) return known;
  return asGranted((await services.requests.get(found.id)) ?? found, services);
}

async function readNow(
  request: RequestAsGranted,
  list: (call: ListedCall) => void,
  services: SoFarServices,
): Promise<StoredReport> {
  const { target } = request;
  const enabled = isGroupTarget(target) ? [] : await services.source.enabledRegions(target.accountId, request.id);
  const begun = services.now();
  const now = wholeSeconds(begun.toISOString());
  const planned = planReport(request, services.settings, begun, enabled, sourceWords(request, services.source));
  const plan = { ...planned, soFar: true as const, to: [planned.to, now].sort(compareText)[0] ?? now, readUntil: now };
  const reading = beginReading(plan);
  const digest = emptyDigest();
  const context = { requestId: request.id, plan, now, list, source: services.source };
  const late = services.timeLimit(SO_FAR_READING_SECONDS * 1000).then(() => 'late' as const);
  const inTime = async (work: Promise<unknown>) => (await Promise.race([work, late])) !== 'late';
  for (let round = 0; round < MOST_ROUNDS && openCursors(reading).length > 0; round += 1) {
    if (round > 0 && !(await inTime(services.pause(PAUSE_MS)))) break;
    // A cursor that fails is tried again in the next round; the answer names what is still unread at the end.
    const work = readRound(reading, digest, context);
    // After the time limit nothing awaits this promise, so a rejection would be unhandled.
    work.catch(() => undefined);
    if (!(await inTime(work))) break;
  }
  return { requestId: request.id, version: 0, plan, reading, digest };
}
