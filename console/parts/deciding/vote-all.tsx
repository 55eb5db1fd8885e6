import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { useState } from 'react';
import type { RequestDetail, RequestView } from '../../../lambdas/api/document/schemas.ts';
import { sentenceOf } from '../../api/client.ts';
import { stateWords } from '../../words/words.ts';
import { useAction, usePageContext } from '../context.ts';
import { Dialog } from '../dialog.tsx';
import { Status } from '../status.tsx';

/** A vote on several requests that the approver has begun. */
export interface VoteOnAll {
  readonly vote: 'approve' | 'deny';
  /** The requests at the moment of the click: the list behind the dialog may change meanwhile. */
  readonly requests: readonly RequestView[];
}

interface VoteAllProps {
  readonly requests: readonly RequestView[];
  onVote(voting: VoteOnAll): void;
}

/** Buttons that approve or deny all requests of a shared ask. */
export function VoteAll({ requests, onVote }: VoteAllProps) {
  const [first] = requests;
  const about = first === undefined ? '' : `${first.requester.displayName}, ${first.target.permissionSet ?? ''}`;
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button
        variant="primary"
        onClick={() => onVote({ vote: 'approve', requests })}
        ariaLabel={`Approve all ${requests.length}: ${about}`}
        data-testid="approve-all"
      >
        Approve all {requests.length}
      </Button>
      <Button
        onClick={() => onVote({ vote: 'deny', requests })}
        ariaLabel={`Deny all ${requests.length}: ${about}`}
        data-testid="deny-all"
      >
        Deny all {requests.length}
      </Button>
    </SpaceBetween>
  );
}

/** The outcome of the vote on one request. */
type Result = { readonly state: string } | { readonly failed: unknown };

interface CastAllProps extends VoteOnAll {
  onDone(): void;
  onClose(): void;
}

/**
 * Casts the votes and shows the outcome of each. It is rendered outside of the list, because decided requests leave the
 * list.
 */
export function CastAll({ vote, requests, onDone, onClose }: CastAllProps) {
  const { api } = usePageContext();
  const { busy, run } = useAction();
  const [note, setNote] = useState('');
  const [results, setResults] = useState<Readonly<Record<string, Result>>>({});
  const isDenial = vote === 'deny';
  const said = note.trim();
  const left = requests.filter(({ id }) => !('state' in (results[id] ?? {})));
  const isBegun = Object.keys(results).length > 0;
  const close = () => {
    if (isBegun) onDone();
    onClose();
  };
  const cast = () =>
    run(async () => {
      // Each vote is sent by itself: a refused one does not keep the others from being cast.
      for (const { id } of left) {
        let result: Result;
        try {
          const { state } = await api.post<RequestDetail>(`/requests/${id}/votes`, {
            vote,
            ...(said === '' ? {} : { note: said }),
          });
          result = { state };
        } catch (failed) {
          result = { failed };
        }
        setResults((before) => ({ ...before, [id]: result }));
      }
    });
  const isOver = left.length === 0;
  return (
    <Dialog
      header={isDenial ? `Deny all ${requests.length}?` : `Approve all ${requests.length}?`}
      action={isOver ? 'Close' : isBegun ? 'Try again' : isDenial ? 'Deny all' : 'Approve all'}
      busy={busy}
      disabled={isDenial && said === ''}
      testId="vote-all-ok"
      error={undefined}
      onDo={() => (isOver ? close() : void cast())}
      onClose={close}
    >
      <ul className="lines" aria-live="polite" data-testid="vote-all">
        {requests.map(({ id, target }) => (
          <li key={id}>
            {target.permissionSet ?? target.permissionSetArn} in {target.accountName ?? target.accountId}{' '}
            <ResultOf result={results[id]} />
          </li>
        ))}
      </ul>
      {!isBegun && (
        <FormField label={<span>Note{isDenial ? '' : <i> - optional</i>}</span>}>
          <Textarea value={note} rows={2} onChange={({ detail }) => setNote(detail.value)} data-testid="note" />
        </FormField>
      )}
      {!isDenial && !isBegun && (
        <Box color="text-body-secondary">Each as long as it was asked for. To shorten one, decide it by itself.</Box>
      )}
    </Dialog>
  );
}

function ResultOf({ result }: { readonly result: Result | undefined }) {
  if (result === undefined) return null;
  if ('failed' in result) return <Status type="error">{sentenceOf(result.failed)}</Status>;
  const { kind, words } = stateWords(result.state);
  return <Status type={kind}>{words}</Status>;
}
