import { useRef, useState } from 'react';
import { useDesk } from '../context.ts';

interface Named {
  readonly id: string;
  readonly name: string;
}

interface Targets {
  readonly accounts: readonly Named[];
  readonly groups: readonly Named[];
}

/** What a list offers, and whether that is all of it. */
export interface Offered<T> {
  readonly status: 'loading' | 'finished' | 'error';
  readonly items: T;
}

const NOTHING: Targets = { accounts: [], groups: [] };

/** The accounts and groups that one may ask for, searched by what is typed. */
export function useTargets(): readonly [Offered<Targets>, (text: string) => Promise<void>] {
  const { api } = useDesk();
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
