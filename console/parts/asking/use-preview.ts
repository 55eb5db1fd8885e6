import { useEffect, useMemo, useState } from 'react';
import type { Evaluate, PreviewView } from '../../../lambdas/api/document/schemas.ts';
import { usePageContext } from '../context.ts';

/** A preview is fetched this long after the last key press; milliseconds. */
const PAUSE_MS = 250;

/** Previews fetched at the same time, where several accounts are asked for. */
const AT_ONCE = 4;

/** What can be previewed: one's own request, or with `userId` another person's. */
export type Previewable = Evaluate & { readonly userId?: string };

export interface Previewed {
  readonly preview: PreviewView | undefined;
  readonly error: unknown;
}

const NOTHING: Previewed = { preview: undefined, error: undefined };

/**
 * Previews a request, again whenever it changes. A preview for one target, length or start is never shown for another.
 * While the person writes the reason or ticket, the last preview stays.
 *
 * @param asked the same object for the same request; `undefined`: nothing to preview yet
 */
export function usePreview(asked: Previewable | undefined, path = '/evaluations'): Previewed {
  const list = useMemo(() => (asked === undefined ? [] : [asked]), [asked]);
  return usePreviews(list, path)[0] ?? NOTHING;
}

/**
 * Previews several requests at once.
 *
 * @param asks the same list for the same requests
 * @returns a preview for each, in their order
 */
export function usePreviews(asks: readonly Previewable[], path = '/evaluations'): readonly Previewed[] {
  const { api } = usePageContext();
  const [known, setKnown] = useState<Readonly<Record<string, Previewed>>>({});
  useEffect(() => {
    let isOver = false;
    const left = [...asks];
    const look = async () => {
      for (let asked = left.shift(); asked !== undefined && !isOver; asked = left.shift()) {
        const found = await api.post<PreviewView>(path, asked).then(
          (preview): Previewed => ({ preview, error: undefined }),
          (error: unknown): Previewed => ({ preview: undefined, error }),
        );
        const of = nameOf(asked);
        // Previews of requests that are no longer in the form are dropped.
        if (!isOver) setKnown((before) => ({ ...onlyOf(asks, before), [of]: found }));
      }
    };
    const timer = setTimeout(() => {
      for (let looks = 0; looks < Math.min(AT_ONCE, asks.length); looks++) void look();
    }, PAUSE_MS);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [api, asks, path]);
  return asks.map((asked) => known[nameOf(asked)] ?? NOTHING);
}

/** Equal for requests that differ only in reason and ticket. */
function nameOf(asked: Previewable): string {
  return JSON.stringify({ ...asked, reason: '', ticket: '' });
}

function onlyOf(asks: readonly Previewable[], known: Readonly<Record<string, Previewed>>) {
  const names = new Set(asks.map(nameOf));
  return Object.fromEntries(Object.entries(known).filter(([name]) => names.has(name)));
}
