import { enter } from '../../model/events.ts';
import { mayHoldAccess, OPEN_STATES, STATES, WAITING_STATES } from '../../model/life-cycle.ts';
import type { AccessRequest } from '../../model/request.ts';
import { isGroupTarget } from '../../model/target.ts';
import type { Now, RequestStore, WorkflowPort } from '../ports.ts';
import { wakeToEnd, wakeToTell, withdrawExtension } from './end-access.ts';

/** Which requests an operator ends. */
export type Selection =
  | { readonly requestId: string }
  /** Principal id, user name or e-mail; names compare case-insensitively. */
  | { readonly user: string }
  | { readonly accountId: string }
  | { readonly all: true };

export interface RevokeAllServices {
  readonly requests: RequestStore;
  readonly workflow: WorkflowPort;
  readonly now: Now;
  /** The operator, as written into the audit. */
  readonly operator: string;
  /** The name they sign in with, where they are a person of the directory: their id tells whoever is ended nothing. */
  readonly operatorName?: string;
  /** Why, in the operator's words; empty: nothing was said. */
  readonly reason?: string;
}

/** What became of one request. */
export interface RevokedRequest {
  readonly request: AccessRequest;
  readonly outcome: 'ending' | 'cancelled' | 'already-ending' | 'changed-meanwhile';
}

/**
 * Ends every open request of a selection, as an operator: access that is there is taken back now, requests that wait are
 * cancelled. Needs neither Slack nor any policy. Yields each request as it is dealt with, so that progress can be shown; one
 * that somebody else moved meanwhile is said to be so and can be tried again.
 */
export async function* revokeAll(selection: Selection, services: RevokeAllServices): AsyncIterable<RevokedRequest> {
  for (const request of await collect(selection, services)) {
    yield await stop(request, services);
  }
}

/** Read first, then ended: ending moves requests between the states that are being read. */
async function collect(selection: Selection, { requests }: RevokeAllServices): Promise<readonly AccessRequest[]> {
  if ('requestId' in selection) {
    const named = await requests.get(selection.requestId);
    // What became part of an access is ended with all of it.
    const request = named?.accessId === undefined ? named : await requests.get(named.accessId);
    return request !== undefined && STATES[request.state].phase !== 'over' ? [request] : [];
  }
  const found: AccessRequest[] = [];
  for await (const request of requests.inStates(OPEN_STATES)) if (isSelected(request, selection)) found.push(request);
  return found;
}

/** Is a request, open or over, one that the selection means? */
export function isSelected(request: AccessRequest, selection: Exclude<Selection, { requestId: string }>): boolean {
  if ('all' in selection) return true;
  if ('accountId' in selection)
    return !isGroupTarget(request.target) && request.target.accountId === selection.accountId;
  const { principalId, userName, email } = request.requester;
  const wanted = selection.user.toLowerCase();
  return principalId === selection.user || [userName, email].some((name) => name.toLowerCase() === wanted);
}

async function stop(request: AccessRequest, services: RevokeAllServices): Promise<RevokedRequest> {
  const { requests, workflow, now, operator, operatorName, reason = '' } = services;
  const by = { by: operator, ...(operatorName === undefined ? {} : { byName: operatorName }) };
  const because = reason === '' ? '' : `: ${reason}`;
  const at = now().toISOString();
  if (request.state === 'ending') {
    await workflow.startCleanup(request.id, `operator-${at.slice(0, 16).replace(/\D/g, '')}`);
    return { request, outcome: 'already-ending' };
  }
  const note = `ended by an operator${because}`;
  const holds = mayHoldAccess(request.state);
  const result = holds
    ? await requests.change(request.id, {
        from: [request.state],
        to: 'ending',
        event: enter('ending', at, { ...by, note }),
        set: { endingAt: at },
      })
    : await requests.change(request.id, {
        from: WAITING_STATES,
        to: 'cancelled',
        event: enter('cancelled', at, { ...by, note: `cancelled by an operator${because}` }),
      });
  if (!result.changed) return { request: result.request ?? request, outcome: 'changed-meanwhile' };
  if (holds) {
    await wakeToEnd(result.request, services);
    await withdrawExtension(request, { by: operator, at }, services);
  } else await wakeToTell(result.request, services);
  return { request: result.request, outcome: holds ? 'ending' : 'cancelled' };
}
