import { useEffect, useMemo, useState } from 'react';
import type { Evaluate, PreviewView } from '../../../lambdas/api/document/schemas.ts';
import { useDesk } from '../context.ts';

/** After the last key somebody presses; milliseconds. */
const PAUSE_MS = 250;

/** Decisions that are looked up at once, where several accounts are asked for. */
const AT_ONCE = 4;

/** What may be looked up: an ask, or one of somebody else. */
export type Previewable = Evaluate & { readonly userId?: string };

export interface Previewed {
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
export function usePreview(asked: Previewable | undefined, path = '/evaluations'): Previewed {
  const list = useMemo(() => (asked === undefined ? [] : [asked]), [asked]);
  return usePreviews(list, path)[0] ?? NOTHING;
}

/** The same of several asks. @param asks the same list for the same asks @returns what would come of each, in their order */
export function usePreviews(asks: readonly Previewable[], path = '/evaluations'): readonly Previewed[] {
  const { api } = useDesk();
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
        // What is asked no more is kept no more.
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

/** Equal for asks that differ only in what is still being written. */
function nameOf(asked: Previewable): string {
  return JSON.stringify({ ...asked, reason: '', ticket: '' });
}

function onlyOf(asks: readonly Previewable[], known: Readonly<Record<string, Previewed>>) {
  const names = new Set(asks.map(nameOf));
  return Object.fromEntries(Object.entries(known).filter(([name]) => names.has(name)));
}
