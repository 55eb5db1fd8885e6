import { createContext, useCallback, useContext, useEffect, useRef, useState } from 'react';
import { type Api, ApiProblem, type Me } from '../api/client.ts';

/** What every page works with. */
export interface Desk {
  readonly api: Api;
  readonly me: Me;
  /** Says that something was done, at the top of the page. */
  tell(text: string): void;
}

export const DeskContext = createContext<Desk | undefined>(undefined);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (desk === undefined) throw new Error('a page is shown outside of the console');
  return desk;
}

export interface Loaded<T> {
  readonly value: T | undefined;
  /** Why it could not be read the last time; what was read before stays. */
  readonly error: unknown;
  /** Reads it again now. */
  refresh(): Promise<void>;
}

/** How often what is on a page is read again while somebody looks at it; milliseconds. */
const EVERY_MS = 4_000;

/**
 * Reads something and keeps it fresh.
 *
 * @param load must be the same function for the same thing
 * @param everyMs how often it is read again; milliseconds
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
      // An answer that was overtaken tells of the past.
      if (mine === newest.current) setState({ value, error: undefined });
    } catch (error) {
      // What is not there (any more) is not shown as it was; otherwise the last that is known is better than nothing.
      const isGone = error instanceof ApiProblem && error.problem.status === 404;
      if (mine === newest.current) setState(({ value }) => ({ value: isGone ? undefined : value, error }));
    } finally {
      if (mine === underWay.current) underWay.current = 0;
    }
  }, [load]);
  useEffect(() => {
    void refresh();
    const timer = setInterval(() => {
      // Where answers take longer than this, each would be overtaken by the next question, and none ever shown.
      if (document.visibilityState === 'visible' && underWay.current === 0) void refresh();
    }, everyMs);
    return () => {
      clearInterval(timer);
      newest.current += 1;
    };
  }, [refresh, everyMs]);
  return { ...state, refresh };
}

/** The time where decisions are made, again each second. Milliseconds. */
export function useNow(): number {
  const { api } = useDesk();
  const [now, setNow] = useState(api.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(api.now()), 1_000);
    return () => clearInterval(timer);
  }, [api]);
  return now;
}

/** Does something once at a time. */
export function useDoing(): {
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
