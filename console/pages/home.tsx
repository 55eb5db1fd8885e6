import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Cards from '@cloudscape-design/components/cards';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useCallback, useState } from 'react';
import type { RequestView } from '../../lambdas/api/document/schemas.ts';
import { sentenceOf } from '../api/client.ts';
import type { Page } from '../api/page.ts';
import { isSame, pinnedOf, recentsOf } from '../parts/asking/shortcuts.ts';
import { ConfirmEnd } from '../parts/confirm-end.tsx';
import { type Loaded, useLoaded, useNow, usePageContext } from '../parts/context.ts';
import { Countdown } from '../parts/countdown.tsx';
import { Extend } from '../parts/extend.tsx';
import { OpenInAws } from '../parts/open-in-aws.tsx';
import { detailHref, requestHref, type WantedTarget } from '../parts/route.ts';
import { StateOf } from '../parts/state-of.tsx';
import { ago, holds, lengthWords, targetWords, wantedWords, when } from '../words/words.ts';

/** The person's access, their waiting requests, and the decisions and reviews that wait for them. */
export function HomePage({ pending, reviews }: { readonly pending: Loaded<Page>; readonly reviews: Loaded<Page> }) {
  const { api, me } = usePageContext();
  const load = useCallback(() => api.get<Page>('/requests'), [api]);
  const mine = useLoaded(load);
  const requests = mine.value?.requests ?? [];
  const toDecide = pending.value?.requests.length ?? 0;
  const toReview = reviews.value?.requests.length ?? 0;
  const pinned = pinnedOf(me.userId);
  const recents = recentsOf(me.userId).filter((one) => !pinned.some((other) => isSame(one, other)));
  const [doing, setDoing] = useState<{ readonly what: 'end' | 'extend'; readonly request: RequestView }>();
  const close = () => setDoing(undefined);
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          actions={
            <Button variant="primary" href="#/request" data-testid="new-request">
              Request access
            </Button>
          }
        >
          Your access
        </Header>
      }
    >
      <SpaceBetween size="l">
        {mine.error !== undefined && <Alert type="error">{sentenceOf(mine.error)}</Alert>}
        {toDecide > 0 && (
          <Alert type="info" action={<Button href="#/approvals">Decide</Button>}>
            {toDecide === 1 ? 'One request waits for you.' : `${toDecide} requests wait for you.`}
          </Alert>
        )}
        {toReview > 0 && (
          <Alert type="info" action={<Button href="#/approvals">Review</Button>}>
            {toReview === 1 ? 'One review waits for you.' : `${toReview} reviews wait for you.`}
          </Alert>
        )}
        <AccessCards
          name="Now"
          requests={requests.filter(({ state }) => holds(state))}
          isLoading={mine.value === undefined && mine.error === undefined}
          empty="You have no access through Glasshammer now."
          onDo={(what, request) => setDoing({ what, request })}
        />
        {requests.some(({ state }) => !holds(state)) && (
          <AccessCards
            name="Waiting"
            requests={requests.filter(({ state }) => !holds(state))}
            isLoading={false}
            empty=""
            onDo={(what, request) => setDoing({ what, request })}
          />
        )}
        <Shortcuts name="Pinned" icon="star-filled" targets={pinned} />
        <Shortcuts name="Again" icon="redo" targets={recents} />
        {doing?.what === 'end' && (
          <ConfirmEnd request={doing.request} onClose={close} onDone={() => void mine.refresh()} />
        )}
        {doing?.what === 'extend' && (
          <Extend request={doing.request} onClose={close} onDone={() => void mine.refresh()} />
        )}
      </SpaceBetween>
    </ContentLayout>
  );
}

interface ShortcutsProps {
  readonly name: string;
  readonly icon: 'redo' | 'star-filled';
  readonly targets: readonly WantedTarget[];
}

/** Buttons that open the request form for a target that the person pinned or requested recently. */
function Shortcuts({ name, icon, targets }: ShortcutsProps) {
  if (targets.length === 0) return null;
  return (
    <SpaceBetween size="xs">
      <Header variant="h2">{name}</Header>
      <SpaceBetween direction="horizontal" size="xs">
        {targets.map((wanted) => (
          <Button key={JSON.stringify(wanted)} href={requestHref(wanted)} iconName={icon}>
            {wantedWords(wanted)}
          </Button>
        ))}
      </SpaceBetween>
    </SpaceBetween>
  );
}

interface AccessCardsProps {
  readonly name: string;
  readonly requests: readonly RequestView[];
  readonly isLoading: boolean;
  readonly empty: string;
  onDo(what: 'end' | 'extend', request: RequestView): void;
}

function AccessCards({ name, requests, isLoading, empty, onDo }: AccessCardsProps) {
  return (
    <SpaceBetween size="s">
      <Header variant="h2">{name}</Header>
      <Cards
        ariaLabels={{ itemSelectionLabel: () => '', selectionGroupLabel: name }}
        items={[...requests]}
        trackBy="id"
        loading={isLoading}
        loadingText="Looking"
        cardsPerRow={[{ cards: 1 }, { minWidth: 700, cards: 2 }]}
        empty={
          <Box textAlign="center" padding="m" color="text-body-secondary">
            {empty}
          </Box>
        }
        cardDefinition={{
          header: (request) => (
            <Link href={detailHref(request.id)} fontSize="heading-m">
              {targetWords(request)}
            </Link>
          ),
          sections: [
            { id: 'state', content: ({ state, breakGlass }) => <StateOf state={state} breakGlass={breakGlass} /> },
            { id: 'time', content: (request) => <TimeOf request={request} /> },
            { id: 'do', content: (request) => <ActionsOf request={request} onDo={onDo} /> },
          ],
        }}
      />
    </SpaceBetween>
  );
}

function TimeOf({ request }: { readonly request: RequestView }) {
  const now = useNow();
  const { state, endsAt, startsAt, expiresAt, requestedAt, duration, votesNeeded } = request;
  if (state === 'active' && endsAt !== null)
    return (
      <Box>
        <Box variant="span" fontSize="heading-xl" fontWeight="bold">
          <Countdown until={endsAt} />
        </Box>{' '}
        left, until {when(endsAt, now)}
      </Box>
    );
  if (state === 'scheduled' && startsAt !== null)
    return (
      <Box>
        For {lengthWords(duration)}, from {when(startsAt, now)}
      </Box>
    );
  if (state === 'pending')
    return (
      <Box>
        For {lengthWords(duration)}, asked {ago(now - Date.parse(requestedAt))}.{' '}
        {votesNeeded === 1 ? 'One approval is missing' : `${votesNeeded} approvals are missing`}
        {expiresAt !== null && `, until ${when(expiresAt, now)}`}.
      </Box>
    );
  return <Box>For {lengthWords(duration)}</Box>;
}

function ActionsOf({ request, onDo }: { readonly request: RequestView } & Pick<AccessCardsProps, 'onDo'>) {
  const isActive = request.state === 'active';
  const endWord = holds(request.state) ? 'End' : 'Take back';
  if (request.state === 'ending') return null;
  return (
    <SpaceBetween direction="horizontal" size="xs">
      {isActive && <OpenInAws request={request} about={targetWords(request)} />}
      {isActive && (
        <Button onClick={() => onDo('extend', request)} ariaLabel={`Extend: ${targetWords(request)}`}>
          Extend
        </Button>
      )}
      <Button onClick={() => onDo('end', request)} data-testid="end" ariaLabel={`${endWord}: ${targetWords(request)}`}>
        {endWord}
      </Button>
    </SpaceBetween>
  );
}
