import { DELIVERY_SECONDS } from '../parts/fixture.ts';
import type { Arriving, Onlooker } from '../parts/network.ts';
import { isFinalReport } from './final-report.ts';
import type { ReportViolation } from './invariants.ts';
import type { AccessWatch } from './watch-access.ts';
import { keyOf, type RequestWatch, type Tracked } from './watch-requests.ts';

const REQUEST_ID = /req-[0-9a-f]{30}/;

/** How far the clocks of two functions may be apart. */
const CLOCKS_MS = 30_000;

/** Reads the Slack messages and mails to people and compares them with Identity Center: invariants 5 and 7. */
export class MessagesWatch implements Onlooker {
  /** Ids of the requests whose final report was sent. */
  readonly reported = new Set<string>();
  readonly #requests: RequestWatch;
  readonly #access: AccessWatch;
  readonly #reportViolation: ReportViolation;
  readonly #nowMs: () => number;

  constructor(parts: {
    readonly requests: RequestWatch;
    readonly access: AccessWatch;
    readonly reportViolation: ReportViolation;
    readonly nowMs: () => number;
  }) {
    this.#requests = parts.requests;
    this.#access = parts.access;
    this.#reportViolation = parts.reportViolation;
    this.#nowMs = parts.nowMs;
  }

  arriving({ operation, input }: Arriving): undefined {
    if (operation !== 'slack:chat.postMessage' && operation !== 'slack:chat.update') return;
    const said = `${String(input.text ?? '')} ${String(input.blocks ?? '')}`;
    const tracked = this.#requests.requests.get(REQUEST_ID.exec(said)?.[0] ?? '');
    if (tracked === undefined) return;
    if (/\*Active:\*/.test(said)) this.#saysActive(tracked);
    if (/\*Ended\*/.test(said)) this.#saysEnded(tracked);
  }

  answered({ operation, input }: Arriving, { status }: { readonly status: number }): undefined {
    if (status !== 200 || !isFinalReport({ operation, input })) return;
    const id = REQUEST_ID.exec(JSON.stringify(input))?.[0];
    if (id === undefined) return;
    this.reported.add(id);
    const tracked = this.#requests.requests.get(id);
    if (tracked !== undefined) this.#isReadInTime(tracked);
  }

  /**
   * The final report may go out only when the last credentials expired or were cut and CloudTrail had time to deliver.
   */
  #isReadInTime({ request }: Tracked): void {
    const { endedAt, sessionsCutAt, sessionSeconds } = request;
    const untilMs =
      sessionsCutAt === undefined ? Date.parse(endedAt ?? '') + sessionSeconds * 1000 : Date.parse(sessionsCutAt);
    const early = untilMs + DELIVERY_SECONDS * 1000 - CLOCKS_MS - this.#nowMs();
    if (early > 0)
      this.#reportViolation(5, `the final report of ${request.id} went out ${early / 1000} s before all could be read`);
  }

  #saysActive({ request, enteredMs }: Tracked): void {
    const key = keyOf(request);
    const since = enteredMs.granting ?? Number.POSITIVE_INFINITY;
    if (this.#access.isHeld(key) || this.#access.lastHeldMs(key) >= since) return;
    this.#reportViolation(7, `${request.id} is told to be active, and ${key} was not there since it was granted`);
  }

  #saysEnded({ request, enteredMs }: Tracked): void {
    const key = keyOf(request);
    if (!this.#access.isHeld(key) || this.#access.isTheirs(key)) return;
    if (this.#access.lastAbsentMs(key) >= (enteredMs.ending ?? Number.POSITIVE_INFINITY)) return;
    const others = [...this.#requests.requests.values()].filter(
      (other) => other.request.id !== request.id && keyOf(other.request) === key,
    );
    // Another lease keeps the assignment, as the message says, or kept it when the message was written.
    if (others.some((other) => overlaps(other, enteredMs.ended ?? 0))) return;
    this.#reportViolation(7, `${request.id} is told to be over, and ${key} is still there`);
  }
}

/** Whether this request held access at that instant, or holds it now. */
function overlaps({ request, enteredMs }: Tracked, atMs: number): boolean {
  if (['granting', 'active', 'ending'].includes(request.state)) return true;
  return (enteredMs.granting ?? Number.POSITIVE_INFINITY) <= atMs && (enteredMs.ending ?? 0) >= atMs;
}
