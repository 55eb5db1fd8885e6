import Box from '@cloudscape-design/components/box';
import type { RequestDetail } from '../../lambdas/api/document/schemas.ts';
import { eventWords, whoDid } from '../words/event-words.ts';
import { exactly, lengthWords, when } from '../words/words.ts';
import { useNow } from './context.ts';

/** Every event of a request, the earliest first; a vote is shown with its note. */
export function TimeLine({ request }: { readonly request: RequestDetail }) {
  const now = useNow();
  const { history, votes } = request;
  return (
    <ol className="time-line">
      {history.map((event) => {
        const { type, at, by, note } = event;
        const vote = type === 'vote' ? votes.find(({ userId }) => userId === by) : undefined;
        const who = whoDid(event, request);
        const said = vote?.note ?? (type === 'vote' ? null : note);
        const what =
          vote === undefined ? eventWords(type) : vote.vote === 'approve' ? 'Voted for it' : 'Voted against it';
        const length = vote?.duration == null ? '' : `, for ${lengthWords(vote.duration)}`;
        return (
          <li key={`${at} ${type} ${by}`}>
            <Box variant="strong">
              {what}
              {length}
            </Box>
            <Box color="text-body-secondary" fontSize="body-s">
              {who !== undefined && `${who}, `}
              <time dateTime={at} title={exactly(at)}>
                {when(at, now)}
              </time>
            </Box>
            {said !== null && <div className="reason">{said}</div>}
          </li>
        );
      })}
    </ol>
  );
}
