import { useRef, useState } from 'react';
import { usePageContext } from '../context.ts';

interface Named {
  readonly id: string;
  readonly name: string;
}

interface Targets {
  readonly accounts: readonly Named[];
  readonly groups: readonly Named[];
}

/** A list's items, and whether loading them has finished. */
export interface Offered<T> {
  readonly status: 'loading' | 'finished' | 'error';
  readonly items: T;
}

const NOTHING: Targets = { accounts: [], groups: [] };

/** The accounts and groups the person may request, searched as they type. */
export function useTargets(): readonly [Offered<Targets>, (text: string) => Promise<void>] {
  const { api } = usePageContext();
  const [targets, setTargets] = useState<Offered<Targets>>({ status: 'loading', items: NOTHING });
  const newest = useRef(0);

  async function search(text: string): Promise<void> {
    newest.current += 1;
    const mine = newest.current;
    setTargets(({ items }) => ({ status: 'loading', items }));
    try {
      const items = await api.get<Targets>(`/targets?${new URLSearchParams({ q: text })}`);
      if (mine === newest.current) setTargets({ status: 'finished', items });
    } catch {
      if (mine === newest.current) setTargets({ status: 'error', items: NOTHING });
    }
  }
  return [targets, search];
}
