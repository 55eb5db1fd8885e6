import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs, { type KeyValuePairsProps } from '@cloudscape-design/components/key-value-pairs';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { useCallback, useState } from 'react';
import type { RequestDetail } from '../../lambdas/api/document/schemas.ts';
import { sentenceOf } from '../api/client.ts';
import { AuditRecord } from '../parts/audit/audit-record.tsx';
import { ConfirmEnd } from '../parts/confirm-end.tsx';
import { useLoaded, useNow, usePageContext } from '../parts/context.ts';
import { Countdown } from '../parts/countdown.tsx';
import { RequesterHistory } from '../parts/deciding/requester-history.tsx';
import { ReviewOf } from '../parts/deciding/review-of.tsx';
import { Revoke } from '../parts/deciding/revoke.tsx';
import { Vote } from '../parts/deciding/vote.tsx';
import { Extend } from '../parts/extend.tsx';
import { OpenInAws } from '../parts/open-in-aws.tsx';
import { ReportOf } from '../parts/report/report-of.tsx';
import { SoFar } from '../parts/report/so-far.tsx';
import { detailHref } from '../parts/route.ts';
import { StateOf } from '../parts/state-of.tsx';
import { TimeLine } from '../parts/time-line.tsx';
import { exactly, holds, lengthWords, targetWords, untoldWords, waits, when } from '../words/words.ts';

interface RequestDetailPageProps {
  readonly requestId: string;
  /** The signed-in person is an operator and may end other people's access. */
  readonly isOperator: boolean;
  /** The signed-in person is an auditor or an operator and may see every request's audit record. */
  readonly seesAll: boolean;
}

/** One request with its state, votes, history and report. */
export function RequestDetailPage({ requestId, isOperator, seesAll }: RequestDetailPageProps) {
  const { api } = usePageContext();
  const load = useCallback(() => api.get<RequestDetail>(`/requests/${requestId}`), [api, requestId]);
  const { value, error, refresh } = useLoaded(load);
  if (value === undefined)
    return (
      <ContentLayout header={<Header variant="h1">Request</Header>}>
        {error === undefined ? <Spinner size="large" /> : <Alert type="error">{sentenceOf(error)}</Alert>}
      </ContentLayout>
    );
  return <Detail request={value} isOperator={isOperator} seesAll={seesAll} refresh={refresh} />;
}

interface DetailProps {
  readonly request: RequestDetail;
  refresh(): Promise<void>;
}

function Detail({ request, isOperator, seesAll, refresh }: DetailProps & Omit<RequestDetailPageProps, 'requestId'>) {
  const { me } = usePageContext();
  const now = useNow();
  const { state, endsAt, refusal, requester, votes, approvers } = request;
  const isMine = requester.userId === me.userId;
  const mayVote =
    state === 'pending' && approvers.includes(me.userId) && !votes.some(({ userId }) => userId === me.userId);
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          actions={
            isMine ? (
              <OwnActions request={request} refresh={refresh} />
            ) : (
              isOperator && <Revoke request={request} onDone={() => void refresh()} />
            )
          }
        >
          {isMine ? '' : `${requester.displayName}: `}
          {targetWords(request)}
        </Header>
      }
    >
      <SpaceBetween size="l">
        <ReviewOf request={request} onDone={() => void refresh()} />
        {refusal !== null && <Alert type="error">{refusal.sentence}</Alert>}
        {state === 'pending' && request.untold.length > 0 && <Alert type="warning">{untoldWords(request)}</Alert>}
        <Container>
          <SpaceBetween size="l">
            <StateOf state={state} breakGlass={request.breakGlass} />
            {state === 'active' && endsAt !== null && (
              <Box>
                <Box variant="span" fontSize="display-l" fontWeight="bold">
                  <Countdown until={endsAt} />
                </Box>{' '}
                left, until {when(endsAt, now)}
              </Box>
            )}
            <KeyValuePairs columns={3} minColumnWidth={180} items={factsOf(request)} />
            {mayVote && <RequesterHistory request={request} />}
            {mayVote && <Vote request={request} onDone={() => void refresh()} />}
          </SpaceBetween>
        </Container>
        {maySoFar(request) && <SoFar request={request} />}
        {isOver(request) && <ReportOf key={editionsIn(request)} request={request} />}
        <Container header={<Header variant="h2">What happened</Header>}>
          <TimeLine request={request} />
        </Container>
        {seesAll && <AuditRecord request={request} />}
      </SpaceBetween>
    </ContentLayout>
  );
}

/**
 * Is there a report to show? Ended access has one. A request that was joined to another access links to the request
 * that has the report.
 */
function isOver({ state }: RequestDetail): boolean {
  return state === 'ended' || state === 'reported';
}

/**
 * May "what was done so far" be read? Yes while the access is active or ending, and after its end until a report has
 * come.
 */
function maySoFar(request: RequestDetail): boolean {
  const { state } = request;
  return state === 'active' || state === 'ending' || (state === 'ended' && editionsIn(request) === 0);
}

/** How many editions of the report have come. The page is keyed by it, so a new edition is loaded at once. */
function editionsIn({ history }: RequestDetail): number {
  return history.filter(({ type }) => EDITIONS.includes(type)).length;
}

const EDITIONS: readonly string[] = ['first-report', 'reported', 'report-addendum', 'report-unsent'];

function factsOf(request: RequestDetail): KeyValuePairsProps.Pair[] {
  const { id, requester, reason, ticket, duration, startsAt, endsAt, expiresAt, state, accessId, history } = request;
  const endedAt = history.find(({ type }) => type === 'ended')?.at;
  const time = (label: string, iso: string | null): KeyValuePairsProps.Pair[] =>
    iso === null ? [] : [{ label, value: exactly(iso) }];
  const access = accessId ?? request.extends;
  return [
    { label: 'Person', value: `${requester.displayName} (${requester.userName})` },
    { label: 'Reason', value: <span className="reason">{reason === '' ? 'None given' : reason}</span> },
    { label: 'Ticket', value: ticket === '' ? '-' : ticket },
    { label: 'Length', value: lengthWords(duration) },
    ...time(waits(state) ? 'Starts' : 'Started', startsAt),
    ...time(holds(state) || waits(state) ? 'Ends' : 'Ended', endedAt ?? endsAt),
    ...(state === 'pending' ? time('Expires', expiresAt) : []),
    ...(access === null
      ? []
      : [{ label: 'Access', value: <Link href={detailHref(access)}>The request it lives on</Link> }]),
    { label: 'Request', value: <Box variant="code">{id}</Box> },
  ];
}

function OwnActions({ request, refresh }: DetailProps) {
  const [doing, setDoing] = useState<'end' | 'extend'>();
  const { state } = request;
  const isActive = state === 'active';
  if (state === 'ending' || !(holds(state) || waits(state))) return null;
  const close = () => setDoing(undefined);
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button onClick={() => setDoing('end')} data-testid="end">
        {holds(state) ? 'End' : 'Take back'}
      </Button>
      {isActive && <Button onClick={() => setDoing('extend')}>Extend</Button>}
      {isActive && <OpenInAws request={request} />}
      {doing === 'end' && <ConfirmEnd request={request} onClose={close} onDone={() => void refresh()} />}
      {doing === 'extend' && <Extend request={request} onClose={close} onDone={() => void refresh()} />}
    </SpaceBetween>
  );
}
