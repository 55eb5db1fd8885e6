import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import { useState } from 'react';
import type { RequestDetail } from '../../../lambdas/api/document/schemas.ts';
import { usePageContext } from '../context.ts';
import { SayWhy } from './say-why.tsx';

const STANDS = {
  owed: 'The review of this broken glass is owed.',
  acknowledged: 'This broken glass was reviewed, and is in order.',
  questioned: 'The reviewer asked about it.',
} as const;

/** The state of the review of break-glass access. The requester can answer the reviewer's question here. */
export function ReviewOf({ request, onDone }: { readonly request: RequestDetail; onDone(): void }) {
  const { api, me, tell } = usePageContext();
  const [isAnswering, setAnswering] = useState(false);
  const { review, requester, id } = request;
  if (review === null) return null;
  const { status, note, answer } = review;
  const isAsked = status === 'questioned' && answer === null && requester.userId === me.userId;
  return (
    <>
      <Alert
        type={status === 'acknowledged' ? 'success' : 'info'}
        header={STANDS[status]}
        action={isAsked ? <Button onClick={() => setAnswering(true)}>Answer</Button> : undefined}
      >
        <span className="reason">{[note, answer].filter((text) => text !== null).join('\n\n')}</span>
      </Alert>
      {isAnswering && (
        <SayWhy
          header="Answer the reviewer"
          action="Answer"
          label={note ?? 'Answer'}
          onClose={() => setAnswering(false)}
          onDo={async (text) => {
            await api.post(`/requests/${id}/answer`, { answer: text });
            tell('Answered.');
            onDone();
          }}
        />
      )}
    </>
  );
}
