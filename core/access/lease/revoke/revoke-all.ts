import { enter } from '../../../model/events.ts';
import { isOver, mayHoldAccess, OPEN_STATES, WAITING_STATES } from '../../../model/life-cycle.ts';
import { type AccessRequest, assignmentOf } from '../../../model/request.ts';
import { isGroupTarget } from '../../../model/target.ts';
import { oneLine } from '../../../model/text.ts';
import type { Now, RequestStore, WorkflowPort } from '../../ports.ts';
import { laterRequest } from '../../request/target/places.ts';
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
  /** The operator's sign-in name, if they are in the directory: the requester cannot recognize them by their id. */
  readonly operatorName?: string;
  /** The operator's reason; empty when none was given. */
  readonly reason?: string;
}

/**
 * What became of one request. `already-over`: it was open when it was read, and has been ended by somebody else since.
 * `stays`: it begins later and is not part of the access that was selected. `failed`: an error, named in `error`, kept
 * it from being ended; running the same command again ends what is left.
 */
export interface RevokedRequest {
  readonly request: AccessRequest;
  readonly outcome:
    | 'ending'
    | 'cancelled'
    | 'already-ending'
    | 'already-over'
    | 'stays'
    | 'changed-meanwhile'
    | 'failed';
  readonly error?: string;
}

/**
 * Ends every open request of a selection, as an operator: takes access back now, and cancels requests that wait,
 * including those that would extend an ended access. Needs neither Slack nor any policy. Yields each request as it is
 * dealt with, to show progress. A request that cannot be ended is yielded as `failed` and does not stop the others.
 *
 * @throws whatever the store throws while requests are looked for; the first error where none of them could be ended
 */
export async function* revokeAll(selection: Selection, services: RevokeAllServices): AsyncIterable<RevokedRequest> {
  const dealt = new Set<string>();
  const failures: unknown[] = [];
  for (const request of await collect(selection, services))
    yield* deal(request, { dealt, services, onFailure: (error) => failures.push(error) });
  // All of them failed, so there is probably one cause, such as rights that the operator lacks.
  if (failures.length > 0 && failures.length === dealt.size) throw failures[0];
  if (!('requestId' in selection)) return;
  for (const later of await laterOnes(dealt, services)) yield { request: later, outcome: 'stays' };
}

/** Reads all requests before ending any, because ending moves requests between the states that are being listed. */
async function collect(selection: Selection, { requests }: RevokeAllServices): Promise<readonly AccessRequest[]> {
  const found: AccessRequest[] = [];
  if ('requestId' in selection) {
    const named = await requests.get(selection.requestId);
    // A request that joined an access is ended with the whole access.
    const request = named?.accessId === undefined ? named : await requests.get(named.accessId);
    if (request === undefined || isOver(request.state)) return [];
    found.push(request);
    for await (const other of requests.inStates(WAITING_STATES)) if (other.extends === request.id) found.push(other);
    return found;
  }
  for await (const request of requests.inStates(OPEN_STATES)) if (isSelected(request, selection)) found.push(request);
  return found;
}

/** Later requests for the targets that were ended. They are listed so that nobody takes them for ended as well. */
async function laterOnes(
  dealt: ReadonlySet<string>,
  { requests }: RevokeAllServices,
): Promise<readonly AccessRequest[]> {
  const found: AccessRequest[] = [];
  for (const id of dealt) {
    const ended = await requests.get(id);
    const later = ended === undefined ? undefined : await laterRequest(assignmentOf(ended), requests);
    if (later !== undefined && !dealt.has(later.id) && !found.some(({ id: known }) => known === later.id))
      found.push(later);
  }
  return found;
}

/** Ends one request, and the requests that would keep its access there or bring it back. */
async function* deal(
  request: AccessRequest,
  context: {
    readonly dealt: Set<string>;
    readonly services: RevokeAllServices;
    readonly onFailure: (error: unknown) => void;
  },
): AsyncIterable<RevokedRequest> {
  const { dealt, services } = context;
  if (dealt.has(request.id)) return;
  dealt.add(request.id);
  try {
    const { withdrawn, ...stopped } = await stop(request, services);
    yield stopped;
    if (withdrawn !== undefined) {
      dealt.add(withdrawn.id);
      yield { request: withdrawn, outcome: 'cancelled' };
    }
    // The request has joined an access since it was read.
    const { accessId } = stopped.request;
    const access = accessId === undefined ? undefined : await services.requests.get(accessId);
    if (access !== undefined && !isOver(access.state)) yield* deal(access, context);
  } catch (error) {
    context.onFailure(error);
    yield { request, outcome: 'failed', error: error instanceof Error ? oneLine(error.name, 80) : 'unknown error' };
  }
}

/** Does the selection include this request, open or over? */
export function isSelected(request: AccessRequest, selection: Exclude<Selection, { requestId: string }>): boolean {
  if ('all' in selection) return true;
  if ('accountId' in selection)
    return !isGroupTarget(request.target) && request.target.accountId === selection.accountId;
  const { principalId, userName, email } = request.requester;
  const wanted = selection.user.toLowerCase();
  return principalId === selection.user || [userName, email].some((name) => name.toLowerCase() === wanted);
}

type Stopped = RevokedRequest & {
  /** The waiting request to extend the access, which is cancelled with it. */
  readonly withdrawn?: AccessRequest;
};

/** How often a request that moves while it is ended is tried again, for example from waiting to granting to active. */
const MOST_TRIES = 4;

async function stop(found: AccessRequest, services: RevokeAllServices): Promise<Stopped> {
  let stopped: Stopped = { request: found, outcome: 'changed-meanwhile' };
  for (let tries = 0; tries < MOST_TRIES && stopped.outcome === 'changed-meanwhile'; tries += 1)
    stopped = await tryToStop(stopped.request, services);
  return stopped;
}

async function tryToStop(request: AccessRequest, services: RevokeAllServices): Promise<Stopped> {
  const { requests, workflow, now, operator, operatorName, reason = '' } = services;
  const by = { by: operator, byName: operatorName };
  if (isOver(request.state)) return { request, outcome: 'already-over' };
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
    const withdrawn = await withdrawExtension(request, { ...by, at }, services);
    return { request: result.request, outcome: 'ending', withdrawn };
  }
  await wakeToTell(result.request, services);
  return { request: result.request, outcome: 'cancelled' };
}
