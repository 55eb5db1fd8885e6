import { createContext, useCallback, useContext, useEffect, useRef, useState } from 'react';
import { type Api, ApiProblem, type Me } from '../api/client.ts';

/** What every page needs: the API, the signed-in person, and notifications. */
export interface PageContext {
  readonly api: Api;
  readonly me: Me;
  /** Shows a notification at the top of the page. */
  tell(text: string): void;
}

export const CurrentPageContext = createContext<PageContext | undefined>(undefined);

export function usePageContext(): PageContext {
  const context = useContext(CurrentPageContext);
  if (context === undefined) throw new Error('a page is shown outside of the console');
  return context;
}

export interface Loaded<T> {
  readonly value: T | undefined;
  /** Why the last read failed. The value read before it is kept, except after a 404. */
  readonly error: unknown;
  /** Reads it again now. */
  refresh(): Promise<void>;
}

/** How often a page's data is read again while the page is visible; milliseconds. */
const EVERY_MS = 4_000;

/**
 * Reads a value and reads it again at an interval.
 *
 * @param load must be the same function for the same value
 * @param everyMs milliseconds between two reads
 */
export function useLoaded<T>(load: () => Promise<T>, everyMs: number = EVERY_MS): Loaded<T> {
  const [state, setState] = useState<{ readonly value: T | undefined; readonly error: unknown }>({
    value: undefined,
    error: undefined,
  });
  const newest = useRef(0);
  const underWay = useRef(0);
  const refresh = useCallback(async () => {
    newest.current += 1;
    const mine = newest.current;
    underWay.current = mine;
    try {
      const value = await load();
      // The answer of an older read is discarded once a newer read has begun.
      if (mine === newest.current) setState({ value, error: undefined });
    } catch (error) {
      // After a 404 the old value is no longer shown. After any other error it stays: stale data is better than none.
      const isGone = error instanceof ApiProblem && error.problem.status === 404;
      if (mine === newest.current) setState(({ value }) => ({ value: isGone ? undefined : value, error }));
    } finally {
      if (mine === underWay.current) underWay.current = 0;
    }
  }, [load]);
  useEffect(() => {
    void refresh();
    const timer = setInterval(() => {
      // A timer's read waits for the one before. If answers take longer than the interval, each would be superseded and
      // none ever shown.
      if (document.visibilityState === 'visible' && underWay.current === 0) void refresh();
    }, everyMs);
    return () => {
      clearInterval(timer);
      newest.current += 1;
    };
  }, [refresh, everyMs]);
  return { ...state, refresh };
}

/** The current time by the API's clock, updated each second; milliseconds. */
export function useNow(): number {
  const { api } = usePageContext();
  const [now, setNow] = useState(api.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(api.now()), 1_000);
    return () => clearInterval(timer);
  }, [api]);
  return now;
}

/** Runs work and tells whether it is running and whether it failed. */
export function useAction(): {
  readonly busy: boolean;
  readonly error: unknown;
  run(work: () => Promise<void>): Promise<void>;
  clear(): void;
} {
  const [state, setState] = useState<{ readonly busy: boolean; readonly error: unknown }>({
    busy: false,
    error: undefined,
  });
  const run = useCallback(async (work: () => Promise<void>) => {
    setState({ busy: true, error: undefined });
    try {
      await work();
      setState({ busy: false, error: undefined });
    } catch (error) {
      setState({ busy: false, error });
    }
  }, []);
  const clear = useCallback(() => setState({ busy: false, error: undefined }), []);
  return { ...state, run, clear };
}
