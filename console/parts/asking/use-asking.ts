import { useRef } from 'react';
import type { Ask } from '../../../lambdas/api/document/schemas.ts';
import { isAnswer } from '../../api/client.ts';
import { useDesk } from '../context.ts';

/** What an ask says of those that it is sent together with. */
export type Together = Pick<Ask, 'ask'>;

/**
 * Sends asks, each under a key of its own: the same ask again has the same key until it is known what came of it, so that nothing is
 * asked for twice by whoever lost an answer; and it says of which others it is what it said the first time. What was refused is another
 * ask when it is sent again.
 */
export function useAsking(): <T>(path: string, body: object, together?: Together) => Promise<T> {
  const { api } = useDesk();
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
