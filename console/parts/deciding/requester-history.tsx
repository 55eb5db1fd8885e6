import Box from '@cloudscape-design/components/box';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import { useCallback } from 'react';
import type { RequestView } from '../../../lambdas/api/document/schemas.ts';
import type { RequesterHistoryView } from '../../../lambdas/api/document/schemas-of-one.ts';
import { sentenceOf } from '../../api/client.ts';
import { lengthWords, targetWords, when } from '../../words/words.ts';
import { useLoaded, useNow, usePageContext } from '../context.ts';
import { StateOf } from '../state-of.tsx';
import { Status } from '../status.tsx';

/** A person's past requests change seldom, so they are read this often; milliseconds. */
const EVERY_MS = 5 * 60_000;

/** The requester's earlier requests, for the approver: a summary, and the list to expand. */
export function RequesterHistory({ request: { id, requester } }: { readonly request: RequestView }) {
  const { api } = usePageContext();
  const now = useNow();
  const load = useCallback(() => api.get<RequesterHistoryView>(`/requests/${id}/requester-history`), [api, id]);
  const { value, error } = useLoaded(load, EVERY_MS);
  const who = requester.displayName;
  if (value === undefined)
    return error === undefined ? (
      <Status type="loading">Looking at what {who} asked for before</Status>
    ) : (
      <Status type="warning">
        What {who} asked for before could not be read. {sentenceOf(error)}
      </Status>
    );
  const { requests, since } = value;
  if (requests.length === 0)
    return (
      <Box color="text-body-secondary" data-testid="requester-history">
        {who} asked for nothing else since {when(since, now)}.
      </Box>
    );
  return (
    <ExpandableSection
      variant="inline"
      headerText={`${who} asked for ${requests.length} ${requests.length === 1 ? 'thing' : 'things'} since ${when(since, now)}${noteworthy(requests)}`}
      data-testid="requester-history"
    >
      <ul className="lines">
        {requests.map((one) => (
          <li key={`${one.requestedAt} ${targetWords(one)}`}>
            {when(one.requestedAt, now)}: {targetWords(one)}, {lengthWords(one.duration)}{' '}
            <StateOf state={one.state} breakGlass={one.breakGlass} />
            {one.review !== null && <Box color="text-body-secondary">{REVIEW[one.review]}</Box>}
          </li>
        ))}
      </ul>
    </ExpandableSection>
  );
}

const REVIEW = {
  owed: 'Its review is owed.',
  acknowledged: 'It was reviewed.',
  questioned: 'Its review asked about it.',
} as const;

/** The facts an approver should see without expanding the list. */
function noteworthy(requests: RequesterHistoryView['requests']): string {
  const count = (is: (one: RequesterHistoryView['requests'][number]) => boolean) => requests.filter(is).length;
  const broke = count(({ breakGlass, state }) => breakGlass && state !== 'refused');
  const denied = count(({ state }) => state === 'denied');
  const unreviewed = count(({ review }) => review === 'owed' || review === 'questioned');
  const parts = [
    ...(broke > 0 ? [`${broke} broke the glass`] : []),
    ...(unreviewed > 0 ? [`${unreviewed} not reviewed`] : []),
    ...(denied > 0 ? [`${denied} denied`] : []),
  ];
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`;
}
