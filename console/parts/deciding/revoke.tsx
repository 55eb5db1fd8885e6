import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import { useState } from 'react';
import type { RequestView } from '../../../lambdas/api/document/schemas.ts';
import { holds, targetWords, waits } from '../../words/words.ts';
import { usePageContext } from '../context.ts';
import { SayWhy } from './say-why.tsx';

interface Revoked {
  readonly revoked: readonly { readonly outcome: string }[];
}

interface RevokeProps {
  readonly request: RequestView;
  /** The revocation was sent. */
  onDone(): void;
}

/**
 * For operators: ends another person's access or cancels their waiting request. Renders nothing where there is neither.
 */
export function Revoke({ request, onDone }: RevokeProps) {
  const { api, tell } = usePageContext();
  const [isOpen, setOpen] = useState(false);
  const { state, requester } = request;
  const held = holds(state);
  // An open dialog stays open even if the request ends meanwhile.
  if (!isOpen && (state === 'ending' || !(held || waits(state)))) return null;
  const name = requester.displayName || requester.userName;
  return (
    <>
      <Button onClick={() => setOpen(true)} data-testid="revoke">
        Revoke
      </Button>
      {isOpen && (
        <SayWhy
          header={held ? `End the access of ${name} now?` : `Take back the request of ${name}?`}
          action="Revoke"
          label="Why"
          onClose={() => setOpen(false)}
          onDo={async (reason) => {
            const { revoked } = await api.post<Revoked>('/operate/revoke', { requestId: request.id, reason });
            tell(toldOf(revoked[0]?.outcome));
            onDone();
          }}
        >
          <Box>
            {targetWords(request)}. {name} is told that it was you, and why.
            {held && ' Sessions that are open may go on until they end.'}
          </Box>
        </SayWhy>
      )}
    </>
  );
}

/** The outcome of the revocation in words; `undefined` where the request was over already. */
function toldOf(outcome: string | undefined): string {
  switch (outcome) {
    case 'ending':
      return 'The access is being taken back.';
    case 'cancelled':
      return 'The request is taken back.';
    case 'already-ending':
      return 'It is being taken back already.';
    case 'changed-meanwhile':
      return 'It changed in the same moment: look at it, and revoke it again if it is still there.';
    default:
      return 'There was nothing to end any more.';
  }
}
