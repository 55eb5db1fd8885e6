import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { RequestView } from '../../lambdas/api/schemas.ts';
import { sentenceOf } from '../api/client.ts';
import { holds, targetWords } from '../words/words.ts';
import { useDesk, useDoing } from './context.ts';

export interface AboutRequest {
  readonly request: RequestView;
  /** Closed, with or without something done. */
  onClose(): void;
  /** Something was done. */
  onDone(): void;
}

/** Asks once more before access is ended, or a request taken back. */
export function ConfirmEnd({ request, onClose, onDone }: AboutRequest) {
  const { api, tell } = useDesk();
  const { busy, error, run } = useDoing();
  const held = holds(request.state);
  const end = () =>
    run(async () => {
      await api.post(`/requests/${request.id}/${held ? 'end' : 'cancel'}`, {});
      tell(held ? 'The access is being taken back.' : 'The request is taken back.');
      onDone();
      onClose();
    });
  return (
    <Modal
      visible
      onDismiss={onClose}
      header={held ? 'End this access?' : 'Take this request back?'}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              Keep it
            </Button>
            <Button variant="primary" loading={busy} onClick={() => void end()} data-testid="confirm-end">
              {held ? 'End it now' : 'Take it back'}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="s">
        <Box>{targetWords(request)}</Box>
        {error !== undefined && <Alert type="error">{sentenceOf(error)}</Alert>}
      </SpaceBetween>
    </Modal>
  );
}
