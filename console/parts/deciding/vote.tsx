import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { useState } from 'react';
import type { RequestView } from '../../../lambdas/api/document/schemas.ts';
import { lengthOptions } from '../../words/lengths.ts';
import { targetWords } from '../../words/words.ts';
import { useAction, usePageContext } from '../context.ts';
import { Dialog } from '../dialog.tsx';

interface VoteProps {
  readonly request: RequestView;
  onDone(): void;
}

/** Buttons to approve or deny a request. Each opens a dialog for confirmation and an optional note. */
export function Vote({ request, onDone }: VoteProps) {
  const [vote, setVote] = useState<'approve' | 'deny'>();
  const about = `${request.requester.displayName}: ${targetWords(request)}`;
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button
        variant="primary"
        onClick={() => setVote('approve')}
        ariaLabel={`Approve: ${about}`}
        data-testid="approve"
      >
        Approve
      </Button>
      <Button onClick={() => setVote('deny')} ariaLabel={`Deny: ${about}`} data-testid="deny">
        Deny
      </Button>
      {vote !== undefined && (
        <CastVote vote={vote} request={request} onDone={onDone} onClose={() => setVote(undefined)} />
      )}
    </SpaceBetween>
  );
}

interface CastVoteProps extends VoteProps {
  readonly vote: 'approve' | 'deny';
  onClose(): void;
}

function CastVote({ vote, request, onDone, onClose }: CastVoteProps) {
  const { api, tell } = usePageContext();
  const { busy, error, run } = useAction();
  const [note, setNote] = useState('');
  const [duration, setDuration] = useState(request.duration);
  const isDenial = vote === 'deny';
  const options = lengthOptions(request.duration);
  const cast = () =>
    run(async () => {
      await api.post(`/requests/${request.id}/votes`, {
        vote,
        ...(note.trim() === '' ? {} : { note: note.trim() }),
        ...(isDenial || duration === request.duration ? {} : { duration }),
      });
      tell(isDenial ? 'Denied.' : 'Approved.');
      onDone();
      onClose();
    });
  return (
    <Dialog
      header={isDenial ? 'Deny this request?' : 'Approve this request?'}
      action={isDenial ? 'Deny' : 'Approve'}
      busy={busy}
      disabled={isDenial && note.trim() === ''}
      testId="vote-ok"
      error={error}
      onDo={() => void cast()}
      onClose={onClose}
    >
      <Box>
        {request.requester.displayName} asks for {targetWords(request)}.
      </Box>
      {!isDenial && (
        <FormField label="For how long" description="You may approve less than was asked for.">
          <Select
            selectedOption={options.find(({ value }) => value === duration) ?? null}
            options={options}
            onChange={({ detail }) => setDuration(detail.selectedOption.value ?? duration)}
          />
        </FormField>
      )}
      <FormField
        label={
          <span>
            Note for {request.requester.displayName}
            {isDenial ? '' : <i> - optional</i>}
          </span>
        }
      >
        <Textarea value={note} rows={2} onChange={({ detail }) => setNote(detail.value)} data-testid="note" />
      </FormField>
    </Dialog>
  );
}
