import type { Arriving, Onlooker } from '../parts/network.ts';
import type { ReportViolation } from './invariants.ts';
import type { RequestWatch } from './watch-requests.ts';

const EVENT_ID = /^(req-[0-9a-f]{30})#(\d+)$/;

/** Reads what is written into the audit archive: invariant 4, at the point where events leave Glasshammer. */
export class ArchiveWatch implements Onlooker {
  readonly #requests: RequestWatch;
  readonly #reportViolation: ReportViolation;
  /** How many events of each request the archive holds. */
  readonly #written = new Map<string, number>();

  constructor(parts: { readonly requests: RequestWatch; readonly reportViolation: ReportViolation }) {
    this.#requests = parts.requests;
    this.#reportViolation = parts.reportViolation;
  }

  answered({ operation, input }: Arriving, { status }: { readonly status: number }): undefined {
    if (operation !== 's3:PutObject' || status !== 200) return;
    const { id, type, note } = JSON.parse(String(input.body)) as { id: string; type: string; note?: string };
    // Nobody else edits the table in a history, so an event `silent-edit` reports a write of the program itself.
    if (type === 'silent-edit') this.#reportViolation(4, `${id} was told as an edit: ${note}`);
    const [, requestId = '', position] = EVENT_ID.exec(id) ?? [];
    if (position === undefined) return;
    const next = this.#written.get(requestId) ?? 0;
    if (Number(position) === next) this.#written.set(requestId, next + 1);
    else this.#reportViolation(4, `${id} was archived when ${next} events of ${requestId} were`);
  }

  /** Whether the archive holds every event of every request. */
  isComplete(): boolean {
    return [...this.#requests.requests.values()].every(
      ({ request }) => this.#written.get(request.id) === request.events.length,
    );
  }

  /** Called when nothing is left to happen. */
  checkEnd(): void {
    for (const { request } of this.#requests.requests.values()) {
      const written = this.#written.get(request.id) ?? 0;
      if (written !== request.events.length)
        this.#reportViolation(4, `${written} of ${request.events.length} events of ${request.id} were archived`);
    }
  }
}
