import { useRef } from 'react';
import { isAnswer } from '../../api/client.ts';
import { useDesk } from '../context.ts';

/**
 * Sends asks, each under a key of its own: the same ask again has the same key until it is known what came of it, so that nothing is
 * asked for twice by whoever lost an answer. What was refused is another ask when it is sent again.
 */
export function useAsking(): <T>(path: string, body: unknown) => Promise<T> {
  const { api } = useDesk();
  const key = useRef({ of: '', id: '' });
  return async <T>(path: string, body: unknown) => {
    const of = `${path} ${JSON.stringify(body)}`;
    if (key.current.of !== of) key.current = { of, id: crypto.randomUUID() };
    try {
      return await api.post<T>(path, body, key.current.id);
    } catch (failed) {
      if (isAnswer(failed)) key.current = { of: '', id: '' };
      throw failed;
    }
  };
}
