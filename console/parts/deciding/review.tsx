import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { RequestView } from '../../../lambdas/api/document/schemas.ts';
import { targetWords } from '../../words/words.ts';
import { usePageContext } from '../context.ts';
import { SayWhy } from './say-why.tsx';

/** For the reviewer of break-glass access: acknowledges it or asks the requester about it. */
export function Review({ request, onDone }: { readonly request: RequestView; onDone(): void }) {
  const { api, tell } = usePageContext();
  const [status, setStatus] = useState<'acknowledged' | 'questioned'>();
  const isQuestion = status === 'questioned';
  const about = `${request.requester.displayName}: ${targetWords(request)}`;
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button variant="primary" onClick={() => setStatus('acknowledged')} ariaLabel={`In order: ${about}`}>
        In order
      </Button>
      <Button onClick={() => setStatus('questioned')} ariaLabel={`Ask about it: ${about}`}>
        Ask about it
      </Button>
      {status !== undefined && (
        <SayWhy
          header={isQuestion ? 'What do you want to know?' : 'Was it in order?'}
          action={isQuestion ? 'Ask' : 'It was in order'}
          label={isQuestion ? `Question for ${request.requester.displayName}` : 'Note'}
          isOptional={!isQuestion}
          onClose={() => setStatus(undefined)}
          onDo={async (note) => {
            await api.post(`/requests/${request.id}/review`, { status, ...(note === '' ? {} : { note }) });
            tell(isQuestion ? 'Asked.' : 'Reviewed.');
            onDone();
          }}
        />
      )}
    </SpaceBetween>
  );
}
