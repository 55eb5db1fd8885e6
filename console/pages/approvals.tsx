import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Cards from '@cloudscape-design/components/cards';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import { sentenceOf } from '../api/client.ts';
import type { Page } from '../api/page.ts';
import { type Loaded, useNow } from '../parts/context.ts';
import { detailHref } from '../parts/route.ts';
import { Vote } from '../parts/vote.tsx';
import { ago, lengthWords, targetWords, when } from '../words/words.ts';

/** Requests that wait for this person, each with everything to decide it by. */
export function ApprovalsPage({ pending }: { readonly pending: Loaded<Page> }) {
  const now = useNow();
  const requests = pending.value?.requests ?? [];
  return (
    <ContentLayout
      header={
        <Header variant="h1" counter={requests.length > 0 ? `(${requests.length})` : ''}>
          Approvals
        </Header>
      }
    >
      {pending.error !== undefined && <Alert type="error">{sentenceOf(pending.error)}</Alert>}
      <Cards
        items={[...requests]}
        trackBy="id"
        ariaLabels={{ itemSelectionLabel: () => '', selectionGroupLabel: 'Requests that wait for you' }}
        loading={pending.value === undefined && pending.error === undefined}
        loadingText="Looking"
        cardsPerRow={[{ cards: 1 }, { minWidth: 900, cards: 2 }]}
        empty={
          <Box textAlign="center" padding="xxl" color="text-body-secondary">
            Nothing waits for you.
          </Box>
        }
        cardDefinition={{
          header: (request) => (
            <Link href={detailHref(request.id)} fontSize="heading-m">
              {request.requester.displayName}: {targetWords(request)}
            </Link>
          ),
          sections: [
            {
              id: 'what',
              content: ({ duration, startsAt, requestedAt, expiresAt, requester }) => (
                <Box>
                  <Box variant="strong">{lengthWords(duration)}</Box>
                  {startsAt !== null && Date.parse(startsAt) > now && ` from ${when(startsAt, now)}`}, asked{' '}
                  {ago(now - Date.parse(requestedAt))} by {requester.userName}.
                  {expiresAt !== null && ` Expires at ${when(expiresAt, now)}.`}
                </Box>
              ),
            },
            {
              id: 'reason',
              header: 'Reason',
              content: ({ reason, ticket }) => (
                <span className="reason">
                  {reason === '' ? 'None given' : reason}
                  {ticket !== '' && ` (${ticket})`}
                </span>
              ),
            },
            { id: 'vote', content: (request) => <Vote request={request} onDone={() => void pending.refresh()} /> },
          ],
        }}
      />
    </ContentLayout>
  );
}
