import Box from '@cloudscape-design/components/box';
import type { RequestView } from '../../lambdas/api/document/schemas.ts';
import { holds, targetWords } from '../words/words.ts';
import { useAction, usePageContext } from './context.ts';
import { Dialog } from './dialog.tsx';

export interface AboutRequest {
  readonly request: RequestView;
  /** The dialog was closed, whether or not the request was changed. */
  onClose(): void;
  /** The request was changed. */
  onDone(): void;
}

/** Asks for confirmation before it ends an access or cancels a waiting request. */
export function ConfirmEnd({ request, onClose, onDone }: AboutRequest) {
  const { api, tell } = usePageContext();
  const { busy, error, run } = useAction();
  const held = holds(request.state);
  const end = () =>
    run(async () => {
      await api.post(`/requests/${request.id}/${held ? 'end' : 'cancel'}`, {});
      tell(held ? 'The access is being taken back.' : 'The request is taken back.');
      onDone();
      onClose();
    });
  return (
    <Dialog
      header={held ? 'End this access?' : 'Take this request back?'}
      action={held ? 'End it now' : 'Take it back'}
      dismissal="Keep it"
      busy={busy}
      testId="confirm-end"
      error={error}
      onDo={() => void end()}
      onClose={onClose}
    >
      <Box>{targetWords(request)}</Box>
    </Dialog>
  );
}
