import { useRef } from 'react';
import type { Ask } from '../../../lambdas/api/document/schemas.ts';
import { isAnswer } from '../../api/client.ts';
import { usePageContext } from '../context.ts';

/** The shared ask a request belongs to. */
export type Together = Pick<Ask, 'ask'>;

/**
 * Sends requests, each with an idempotency key. The same request keeps its key, and the shared ask of its first try:
 * after a lost answer it can be sent again without a second request being made. Only after a refusal, which certainly
 * made no request, does it get a new key.
 */
export function useAsking(): <T>(path: string, body: object, together?: Together) => Promise<T> {
  const { api } = usePageContext();
  const sent = useRef(new Map<string, { readonly key: string; readonly together: Together }>());
  return async <T>(path: string, body: object, together: Together = {}) => {
    const of = `${path} ${JSON.stringify(body)}`;
    const mine = sent.current.get(of) ?? { key: crypto.randomUUID(), together };
    sent.current.set(of, mine);
    try {
      return await api.post<T>(path, { ...body, ...mine.together }, mine.key);
    } catch (failed) {
      if (isAnswer(failed)) sent.current.delete(of);
      throw failed;
    }
  };
}
