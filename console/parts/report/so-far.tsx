import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useEffect, useRef, useState } from 'react';
import type { RequestView } from '../../../lambdas/api/document/schemas.ts';
import type { ActivityAnswer } from '../../../lambdas/api/document/schemas-of-report.ts';
import { sentenceOf } from '../../api/client.ts';
import { when } from '../../words/words.ts';
import { useAction, useNow, usePageContext } from '../context.ts';
import { Status } from '../status.tsx';
import { Done } from './done.tsx';

/** How long to pause between two polls, and how often to poll: 90 seconds in all. The server stops reading after 30. */
const PAUSE_MS = 2_000;
const MOST_LOOKS = 45;

/** Before the report has come: what was done so far, read from CloudTrail when the person asks for it. */
export function SoFar({ request }: { readonly request: RequestView }) {
  const { api } = usePageContext();
  const now = useNow();
  const { busy, error, run } = useAction();
  const [answer, setAnswer] = useState<ActivityAnswer>();
  const [isLate, setLate] = useState(false);
  const isGone = useRef(false);
  useEffect(() => {
    isGone.current = false;
    return () => {
      isGone.current = true;
    };
  }, []);
  const look = () =>
    run(async () => {
      setLate(false);
      for (let looks = 0; looks < MOST_LOOKS && !isGone.current; looks += 1) {
        const told = await api.get<ActivityAnswer>(`/requests/${request.id}/activity`);
        setAnswer(told);
        if (told.status === 'read') return;
        await new Promise((resume) => setTimeout(resume, PAUSE_MS));
      }
      setLate(true);
    });
  const { done, readAt } = answer ?? {};
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={
            readAt == null ? 'By CloudTrail; the last minutes are missing.' : `Read at ${when(readAt, now)}.`
          }
          actions={
            <Button iconName="refresh" disabled={busy} onClick={() => void look()} data-testid="so-far">
              {done == null ? 'Look' : 'Look again'}
            </Button>
          }
        >
          What was done so far
        </Header>
      }
    >
      <SpaceBetween size="m">
        {error !== undefined && <Alert type="error">{sentenceOf(error)}</Alert>}
        {isLate && <Alert type="warning">It could not be read yet. Look again in a minute.</Alert>}
        <div aria-live="polite">
          {busy && <Status type="loading">Reading what CloudTrail has. It takes some seconds.</Status>}
        </div>
        {done != null && <Done done={done} />}
        {done == null && !busy && (
          <Box color="text-body-secondary">The report follows by itself after the end; this is to see before.</Box>
        )}
      </SpaceBetween>
    </Container>
  );
}
