import { useEffect, useState } from 'react';
import type { Evaluate, PreviewView } from '../../../lambdas/api/document/schemas.ts';
import { useDesk } from '../context.ts';

/** After the last key somebody presses; milliseconds. */
const PAUSE_MS = 250;

interface Previewed {
  readonly preview: PreviewView | undefined;
  readonly error: unknown;
}

const NOTHING: Previewed = { preview: undefined, error: undefined };

/**
 * What would come of an ask, asked anew whenever it changes. What is shown of one target, length or start is never shown of another;
 * while the reason is being written, it stays.
 *
 * @param asked the same object for the same ask; `undefined`: nothing yet
 */
export function usePreview(
  asked: (Evaluate & { readonly userId?: string }) | undefined,
  path = '/evaluations',
): Previewed {
  const { api } = useDesk();
  const [state, setState] = useState({ ...NOTHING, of: '' });
  const of = asked === undefined ? '' : JSON.stringify({ ...asked, reason: '', ticket: '' });
  useEffect(() => {
    if (asked === undefined) return;
    let isOver = false;
    const timer = setTimeout(async () => {
      try {
        const preview = await api.post<PreviewView>(path, asked);
        if (!isOver) setState({ of, preview, error: undefined });
      } catch (error) {
        if (!isOver) setState({ of, preview: undefined, error });
      }
    }, PAUSE_MS);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [api, asked, of, path]);
  return state.of === of ? state : NOTHING;
}
