import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Cards from '@cloudscape-design/components/cards';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { sentenceOf } from '../api/client.ts';
import type { Page } from '../api/page.ts';
import { type Loaded, useNow } from '../parts/context.ts';
import { togetherOf } from '../parts/deciding/asked-together.ts';
import { RequesterHistory } from '../parts/deciding/requester-history.tsx';
import { Review } from '../parts/deciding/review.tsx';
import { Vote } from '../parts/deciding/vote.tsx';
import { CastAll, VoteAll, type VoteOnAll } from '../parts/deciding/vote-all.tsx';
import { detailHref } from '../parts/route.ts';
import { ago, lengthWords, targetWords, when } from '../words/words.ts';

/** The requests that wait for this person's vote, each with what they need to decide it. */
export function ApprovalsPage({
  pending,
  reviews,
}: {
  readonly pending: Loaded<Page>;
  readonly reviews: Loaded<Page>;
}) {
  const now = useNow();
  const [voting, setVoting] = useState<VoteOnAll>();
  const requests = pending.value?.requests ?? [];
  const owed = reviews.value?.requests ?? [];
  return (
    <ContentLayout
      header={
        <Header variant="h1" counter={requests.length > 0 ? `(${requests.length})` : ''}>
          Approvals
        </Header>
      }
    >
      {voting !== undefined && (
        <CastAll {...voting} onDone={() => void pending.refresh()} onClose={() => setVoting(undefined)} />
      )}
      <SpaceBetween size="l">
        {pending.error !== undefined && <Alert type="error">{sentenceOf(pending.error)}</Alert>}
        <Cards
          items={[...togetherOf(requests)]}
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
            header: ({ requests: [request, ...others] }) =>
              others.length === 0 ? (
                <Link href={detailHref(request.id)} fontSize="heading-m">
                  {request.requester.displayName}: {targetWords(request)}
                </Link>
              ) : (
                <Box variant="h2" fontSize="heading-m">
                  {request.requester.displayName}: {request.target.permissionSet ?? request.target.permissionSetArn} in{' '}
                  {others.length + 1} accounts
                </Box>
              ),
            sections: [
              {
                id: 'what',
                content: ({ requests: [{ duration, startsAt, requestedAt, expiresAt, requester }] }) => (
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
                content: ({ requests: [{ reason, ticket }] }) => (
                  <span className="reason">
                    {reason === '' ? 'None given' : reason}
                    {ticket !== '' && ` (${ticket})`}
                  </span>
                ),
              },
              { id: 'history', content: ({ requests: [request] }) => <RequesterHistory request={request} /> },
              {
                id: 'vote',
                content: ({ requests: [request, ...others] }) =>
                  others.length === 0 ? (
                    <Vote request={request} onDone={() => void pending.refresh()} />
                  ) : (
                    <SpaceBetween size="m">
                      <VoteAll requests={[request, ...others]} onVote={setVoting} />
                      {[request, ...others].map((one) => (
                        <SpaceBetween key={one.id} size="xxs">
                          <Link href={detailHref(one.id)}>{targetWords(one)}</Link>
                          <Vote request={one} onDone={() => void pending.refresh()} />
                        </SpaceBetween>
                      ))}
                    </SpaceBetween>
                  ),
              },
            ],
          }}
        />
        {owed.length > 0 && (
          <SpaceBetween size="s">
            <Header
              variant="h2"
              description="The glass was broken. Say that you have read what was done, or ask about it."
            >
              Reviews
            </Header>
            <Cards
              items={[...owed]}
              trackBy="id"
              ariaLabels={{ itemSelectionLabel: () => '', selectionGroupLabel: 'Reviews that wait for you' }}
              cardsPerRow={[{ cards: 1 }, { minWidth: 900, cards: 2 }]}
              cardDefinition={{
                header: (request) => (
                  <Link href={detailHref(request.id)} fontSize="heading-m">
                    {request.requester.displayName}: {targetWords(request)}
                  </Link>
                ),
                sections: [
                  { id: 'reason', header: 'Reason', content: ({ reason }) => <span className="reason">{reason}</span> },
                  {
                    id: 'review',
                    content: (request) => <Review request={request} onDone={() => void reviews.refresh()} />,
                  },
                ],
              }}
            />
          </SpaceBetween>
        )}
      </SpaceBetween>
    </ContentLayout>
  );
}
