import type { CliIo } from '../io.ts';
import { line } from '../terminal-text.ts';
import type { ApiServices } from './api-client.ts';
import type { Session, ShownRequest } from './session.ts';

/** Between two looks. Milliseconds: a person who waits wants to know, and a hundred people who wait are fifty calls a second at most. */
const LOOK_EVERY_MS = 2_000;

/** States that end the waiting, one way or the other. */
const OVER = ['refused', 'denied', 'expired', 'cancelled', 'ending', 'ended', 'failed', 'reported'];

/**
 * Waits until access is there, or will not be, and says on the way what is waited for. Time that was brought to access there was
 * already is waited for there.
 */
export async function waitForAccess(
  request: ShownRequest,
  session: Session,
  { pause }: Pick<ApiServices, 'pause'>,
  io: Pick<CliIo, 'stderr'>,
): Promise<{ readonly active: boolean; readonly request: ShownRequest }> {
  let [seen, said] = [request, ''];
  for (;;) {
    if (seen.state === 'joined' && seen.accessId !== null) seen = await session.get(seen.accessId);
    const words = waitingWords(seen);
    if (words !== said) io.stderr(line(words));
    said = words;
    if (seen.state === 'active') return { active: true, request: seen };
    if (OVER.includes(seen.state)) return { active: false, request: seen };
    await pause(LOOK_EVERY_MS);
    seen = await session.get(seen.id);
  }
}

/** How a request stands, in words. */
export function waitingWords({ state, votesNeeded, expiresAt, endsAt, refusal }: ShownRequest): string {
  switch (state) {
    case 'pending': {
      const votes = votesNeeded === 1 ? 'an approval' : `${votesNeeded} approvals`;
      return `waits for ${votes}${expiresAt === null ? '' : `, until ${expiresAt}`}`;
    }
    case 'approved':
    case 'granting':
      return 'access is being given';
    case 'scheduled':
      return 'waits for its start';
    case 'active':
      return `access is there, until ${endsAt ?? '?'}`;
    default:
      return refusal === null ? `is ${state}` : `is ${state}: ${refusal.sentence}`;
  }
}
