import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { PreviewView } from '../../../lambdas/api/document/schemas.ts';
import { sentenceOf } from '../../api/client.ts';
import { lengthOf, lengthWords, someOf, when } from '../../words/words.ts';
import { useNow } from '../context.ts';
import { Status } from '../status.tsx';

interface DecisionProps {
  readonly preview: PreviewView | undefined;
  readonly error: unknown;
  /** Whose request is previewed. @default You */
  readonly who?: 'You' | 'They';
}

/** The previewed decision, and whether the person has the same access outside of Glasshammer already. */
export function Decision(props: DecisionProps) {
  const outside = props.error === undefined ? (props.preview?.heldOutside ?? null) : null;
  if (outside === null) return <Outcome {...props} />;
  const how = outside.throughGroup === null ? 'assigned directly' : `through the group ${outside.throughGroup}`;
  return (
    <SpaceBetween size="xs">
      <Outcome {...props} />
      <Status type="info">
        {props.who ?? 'You'} have this already outside of Glasshammer, {how}. It has no end, and stays when this ends.
      </Status>
    </SpaceBetween>
  );
}

function Outcome({ preview, error, who = 'You' }: DecisionProps) {
  const now = useNow();
  if (error !== undefined) return <Status type="error">{sentenceOf(error)}</Status>;
  if (preview === undefined) return <Status type="loading">Looking at the policies</Status>;
  const { outcome, approvers, approverCount, votesNeeded, problems, nearest, endsAt, expiresAfter } = preview;
  switch (outcome) {
    case 'granted':
      return (
        <SpaceBetween size="xxs">
          <Status type="success">
            <b>{who} get it without asking anybody</b>
          </Status>
          <Box color="text-body-secondary">It ends at {when(endsAt, now)}.</Box>
        </SpaceBetween>
      );
    case 'needs-approval':
      return (
        <SpaceBetween size="xxs">
          <Status type="pending">
            <b>{votesNeeded === 1 ? 'One approval is needed' : `${votesNeeded} approvals are needed`}</b>
          </Status>
          {approverCount > 0 && <Box>From {someOf(approvers, approverCount)}.</Box>}
          <Box color="text-body-secondary">
            {expiresAfter !== null && `It expires if nobody decides within ${lengthWords(expiresAfter)}. `}
            {lengthOf(preview.longestWithoutApproval) > 0 &&
              `Up to ${lengthWords(preview.longestWithoutApproval ?? '')} needs nobody's approval.`}
          </Box>
        </SpaceBetween>
      );
    default:
      return (
        <SpaceBetween size="xs">
          <Status type="error">
            <b>This is not allowed</b>
          </Status>
          {problems.map(({ reason, sentence }) => (
            <Box key={reason}>{sentence}</Box>
          ))}
          {nearest !== null && <Box variant="strong">What would be allowed: {nearest}</Box>}
        </SpaceBetween>
      );
  }
}
