import { useState } from 'react';
import type { Evaluate, RequestDetail } from '../../../lambdas/api/document/schemas.ts';
import { sentenceOf } from '../../api/client.ts';
import { stateWords } from '../../words/words.ts';
import { useDesk, useDoing } from '../context.ts';
import { Dialog } from '../dialog.tsx';
import type { WantedTarget } from '../route.ts';
import { Status } from '../status.tsx';
import { noteRecent } from './shortcuts.ts';
import type { useAsking } from './use-asking.ts';

/** What is asked for in one of several accounts. */
export interface AskOfOne {
  readonly wanted: WantedTarget;
  readonly body: Evaluate & { readonly confirmBreakGlass: boolean };
}

/** What came of one of them. */
type Result = { readonly state: string } | { readonly failed: unknown };

/** Several that are asked for at once, and what came of each so far. */
export interface AskingAll {
  /** `undefined`: nothing is being asked for. */
  readonly asks: readonly AskOfOne[] | undefined;
  readonly results: Readonly<Record<string, Result>>;
  readonly busy: boolean;
  /** Asks for all of them, as one ask. */
  begin(asks: readonly AskOfOne[]): Promise<void>;
  /** Asks again for what came to nothing. */
  again(): Promise<void>;
  close(): void;
}

/** Asks for several at once: one request for each, which whoever decides sees together. @param onMade all of them were asked for */
export function useAskAll(ask: ReturnType<typeof useAsking>, onMade: () => void): AskingAll {
  const { me } = useDesk();
  const { busy, run } = useDoing();
  const [asks, setAsks] = useState<readonly AskOfOne[]>();
  const [together, setTogether] = useState({ id: '', size: 0 });
  const [results, setResults] = useState<AskingAll['results']>({});

  const send = (some: readonly AskOfOne[], as: typeof together) =>
    run(async () => {
      let failures = 0;
      // Each is a request of its own: one that is refused keeps none of the others from being asked for.
      for (const { wanted, body } of some) {
        let result: Result;
        try {
          const { state } = await ask<RequestDetail>('/requests', body, { ask: as });
          noteRecent(me.userId, wanted);
          result = { state };
        } catch (failed) {
          failures += 1;
          result = { failed };
        }
        setResults((before) => ({ ...before, [idOf(wanted)]: result }));
      }
      if (failures === 0) onMade();
    });

  return {
    asks,
    results,
    busy,
    begin(all) {
      const as = { id: crypto.randomUUID(), size: all.length };
      setAsks(all);
      setTogether(as);
      setResults({});
      return send(all, as);
    },
    again: () => send(leftOf({ asks, results }), together),
    close: () => setAsks(undefined),
  };
}

/** Those of which nothing came. */
export function leftOf({ asks = [], results }: Pick<AskingAll, 'asks' | 'results'>): readonly AskOfOne[] {
  return asks.filter(({ wanted }) => !('state' in (results[idOf(wanted)] ?? {})));
}

const idOf = ({ accountId = '' }: WantedTarget) => accountId;

/** What came of each, while they are being asked for and where one came to nothing. */
export function AskAll({ all, onClose }: { readonly all: AskingAll; onClose(): void }) {
  const { asks = [], results, busy, again } = all;
  return (
    <Dialog
      header={`${asks[0]?.wanted.permissionSet} in ${asks.length} accounts`}
      action="Try again"
      dismissal="Close"
      busy={busy}
      testId="ask-again"
      error={undefined}
      onDo={() => void again()}
      // What is on its way is not called back by looking away.
      onClose={() => {
        if (!busy) onClose();
      }}
    >
      <ul className="lines" aria-live="polite" data-testid="ask-all">
        {asks.map(({ wanted }) => (
          <li key={idOf(wanted)}>
            {wanted.accountName ?? wanted.accountId} <ResultOf result={results[idOf(wanted)]} />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function ResultOf({ result }: { readonly result: Result | undefined }) {
  if (result === undefined) return <Status type="loading">Being asked for</Status>;
  if ('failed' in result) return <Status type="error">{sentenceOf(result.failed)}</Status>;
  const { kind, words } = stateWords(result.state);
  return <Status type={kind}>{words}</Status>;
}
