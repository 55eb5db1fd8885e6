import { useState } from 'react';
import type { Evaluate, RequestDetail } from '../../../lambdas/api/document/schemas.ts';
import { sentenceOf } from '../../api/client.ts';
import { stateWords } from '../../words/words.ts';
import { useAction, usePageContext } from '../context.ts';
import { Dialog } from '../dialog.tsx';
import type { WantedTarget } from '../route.ts';
import { Status } from '../status.tsx';
import { noteRecent } from './shortcuts.ts';
import type { useAsking } from './use-asking.ts';

/** The request for one of several accounts. */
export interface AskOfOne {
  readonly wanted: WantedTarget;
  readonly body: Evaluate & { readonly confirmBreakGlass: boolean };
}

/** The outcome for one account: the state of the new request, or why there is none. */
type Result = { readonly state: string } | { readonly failed: unknown };

/** Several requests that are sent at once, and the outcome of each so far. */
export interface AskingAll {
  /** `undefined`: nothing is being sent. */
  readonly asks: readonly AskOfOne[] | undefined;
  readonly results: Readonly<Record<string, Result>>;
  readonly busy: boolean;
  /** Sends all of them as one shared ask. */
  begin(asks: readonly AskOfOne[]): Promise<void>;
  /** Sends the failed ones again. */
  again(): Promise<void>;
  close(): void;
}

/**
 * Sends a shared ask: one request for each account, which the approvers see together.
 *
 * @param onMade called when none failed
 */
export function useAskAll(ask: ReturnType<typeof useAsking>, onMade: () => void): AskingAll {
  const { me } = usePageContext();
  const { busy, run } = useAction();
  const [asks, setAsks] = useState<readonly AskOfOne[]>();
  const [together, setTogether] = useState({ id: '', size: 0 });
  const [results, setResults] = useState<AskingAll['results']>({});

  const send = (some: readonly AskOfOne[], as: typeof together) =>
    run(async () => {
      let failures = 0;
      // Each is a request of its own: a refused one does not keep the others from being sent.
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

/** The requests that failed or have not been sent yet. */
export function leftOf({ asks = [], results }: Pick<AskingAll, 'asks' | 'results'>): readonly AskOfOne[] {
  return asks.filter(({ wanted }) => !('state' in (results[idOf(wanted)] ?? {})));
}

const idOf = ({ accountId = '' }: WantedTarget) => accountId;

/** Shows the outcome of each request while they are sent, and lets the requester try the failed ones again. */
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
      // Closing the dialog would not stop requests that are under way, so it stays open while they are.
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
