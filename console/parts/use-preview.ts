import { useEffect, useState } from 'react';
import type { Evaluate, PreviewView } from '../../lambdas/api/schemas.ts';
import { useDesk } from './context.ts';

/** After the last key somebody presses; milliseconds. */
const PAUSE_MS = 250;

/** What would come of an ask, asked anew whenever it changes. @param asked the same object for the same ask; `undefined`: nothing yet */
export function usePreview(
  asked: (Evaluate & { readonly userId?: string }) | undefined,
  path = '/evaluations',
): {
  readonly preview: PreviewView | undefined;
  readonly error: unknown;
} {
  const { api } = useDesk();
  const [state, setState] = useState<{ readonly preview: PreviewView | undefined; readonly error: unknown }>({
    preview: undefined,
    error: undefined,
  });
  useEffect(() => {
    let isOver = false;
    if (asked === undefined) {
      setState({ preview: undefined, error: undefined });
      return;
    }
    const timer = setTimeout(async () => {
      try {
        const preview = await api.post<PreviewView>(path, asked);
        if (!isOver) setState({ preview, error: undefined });
      } catch (error) {
        if (!isOver) setState({ preview: undefined, error });
      }
    }, PAUSE_MS);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [api, asked, path]);
  return state;
}
