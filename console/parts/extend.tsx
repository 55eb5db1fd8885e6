import Box from '@cloudscape-design/components/box';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import Textarea from '@cloudscape-design/components/textarea';
import { useMemo, useState } from 'react';
import type { RequestDetail } from '../../lambdas/api/document/schemas.ts';
import { lengthOptions } from '../words/lengths.ts';
import { targetWords } from '../words/words.ts';
import { BreakGlass, useConfirmed } from './asking/break-glass.tsx';
import { Decision } from './asking/decision.tsx';
import { useAsking } from './asking/use-asking.ts';
import { usePreview } from './asking/use-preview.ts';
import type { AboutRequest } from './confirm-end.tsx';
import { useAction, usePageContext } from './context.ts';
import { Dialog } from './dialog.tsx';

/** Requests more time for active access. */
export function Extend({ request, onClose, onDone }: AboutRequest) {
  const { tell } = usePageContext();
  const { busy, error, run } = useAction();
  const [duration, setDuration] = useState('PT30M');
  const [reason, setReason] = useState(request.reason);
  const [ticket, setTicket] = useState(request.ticket);
  const asked = useMemo(
    () => ({ extends: request.accessId ?? request.id, duration, reason, ticket }),
    [request, duration, reason, ticket],
  );
  const { preview, error: previewError } = usePreview(asked);
  const options = lengthOptions(preview?.longest ?? null);
  const [confirmed, setConfirmed] = useConfirmed(duration);
  // Extending break-glass access needs no second confirmation.
  const breaksGlass = preview?.breakGlass === true && preview.outcome !== 'refused' && !request.breakGlass;
  const ask = useAsking();
  const extend = () =>
    run(async () => {
      const body = { duration, reason, ticket, confirmBreakGlass: confirmed };
      const made = await ask<RequestDetail>(`/requests/${asked.extends}/extensions`, body);
      tell(made.state === 'pending' ? 'The approvers are asked.' : 'The access lasts longer.');
      onDone();
      onClose();
    });
  return (
    <Dialog
      header="Extend this access"
      action="Ask for it"
      busy={busy}
      disabled={
        (preview === undefined && previewError === undefined) ||
        preview?.outcome === 'refused' ||
        (breaksGlass && !confirmed)
      }
      testId="extend-ok"
      error={error}
      onDo={() => void extend()}
      onClose={onClose}
    >
      <Box>{targetWords(request)}</Box>
      <FormField label="Longer by">
        <Select
          selectedOption={options.find(({ value }) => value === duration) ?? null}
          options={options}
          onChange={({ detail }) => setDuration(detail.selectedOption.value ?? duration)}
        />
      </FormField>
      <FormField label="Reason">
        <Textarea value={reason} rows={2} onChange={({ detail }) => setReason(detail.value)} />
      </FormField>
      {(ticket !== '' || (preview?.ticketPatterns.length ?? 0) > 0) && (
        <FormField label="Ticket">
          <Input value={ticket} onChange={({ detail }) => setTicket(detail.value)} />
        </FormField>
      )}
      <Decision preview={preview} error={previewError} />
      {breaksGlass && <BreakGlass confirmed={confirmed} onChange={setConfirmed} />}
    </Dialog>
  );
}
