import * as z from 'zod/mini';
import { type EndSessionsServices, endSessions } from '../../../core/sessions/end-sessions.ts';
import { guardDocument, OPEN_GUARD } from '../../../core/sessions/guard-policy.ts';
import { cutServices } from '../../../lambdas/cut-sessions/services.ts';
import { once } from '../../../lambdas/shared/once.ts';
import { taskInput } from '../../../lambdas/shared/task-input.ts';
import type { Handler } from '../parts/containers.ts';

/** `cut-sessions` as deployed, with some of its services replaced for each call. */
export function cutWith(change: (all: EndSessionsServices) => Partial<EndSessionsServices>): Handler {
  const services = once(cutServices);
  return async (event) => {
    const { requestId, made } = z.parse(taskInput.cut, event);
    return endSessions(requestId, { ...services(), ...change(services()) }, made || undefined);
  };
}

/** Takes a policy for written and in force, although it was not written. */
export function unwritten({ guards }: EndSessionsServices): Partial<EndSessionsServices> {
  const believed = new Map<string, string>();
  return {
    guards: {
      read: async (accountId) => {
        const document = believed.get(accountId);
        return document === undefined ? guards.read(accountId) : { versionId: 'v0', document };
      },
      write: async (accountId, document) => void believed.set(accountId, document),
    },
  };
}

/** Does not make a new grant of the same access wait until the margin of the cut is over. */
export function unwaited({ leases }: EndSessionsServices): Partial<EndSessionsServices> {
  return { leases: { ...leases, holdBack: async () => undefined } };
}

/** Does not see the entries that a policy has before it is written. */
export function overwriting({ guards }: EndSessionsServices): Partial<EndSessionsServices> {
  let isWritten = false;
  return {
    guards: {
      read: async (accountId) => {
        const seen = await guards.read(accountId);
        return seen === undefined || isWritten ? seen : { ...seen, document: guardDocument(OPEN_GUARD) };
      },
      write: async (accountId, document) => {
        isWritten = true;
        await guards.write(accountId, document);
      },
    },
  };
}

/** Makes sessions seem expired as soon as they are cut: by the request, and by what Identity Center says of the set. */
export function shortLived({ requests, boundaries }: EndSessionsServices): Partial<EndSessionsServices> {
  return {
    requests: {
      ...requests,
      get: async (id) => {
        const request = await requests.get(id);
        return request && { ...request, sessionSeconds: 0 };
      },
    },
    boundaries: {
      ...boundaries,
      sessionsOf: async (arn) => {
        const set = await boundaries.sessionsOf(arn);
        return set && { ...set, sessionSeconds: 0 };
      },
    },
  };
}

/** Writes without an event that the sessions of a request cannot be cut. */
export function unsaid({ requests }: EndSessionsServices): Partial<EndSessionsServices> {
  const change: typeof requests.change = (id, { event, ...wanted }) =>
    requests.change(id, event?.type === 'sessions-left' ? wanted : { ...wanted, ...(event && { event }) });
  return { requests: { ...requests, change } };
}
