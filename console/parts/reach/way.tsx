import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { Way } from '../../../lambdas/api/document/schemas-of-reach.ts';
import { someOf } from '../../words/words.ts';

/** What somebody needs to have something. */
export function WayTo({ way: { how, path, votes } }: { readonly way: Way }) {
  const needed = votes.map(({ count, approvers, approverCount }) => `${count} of ${someOf(approvers, approverCount)}`);
  const asked = needed.join(' and ');
  return (
    <span title={`By ${path}`}>
      {how === 'alone' && <StatusIndicator type="success">Alone</StatusIndicator>}
      {how === 'break-glass' && <StatusIndicator type="warning">Breaks the glass</StatusIndicator>}
      {how === 'approval' && (
        <StatusIndicator type="pending" colorOverride="blue">
          {asked}
        </StatusIndicator>
      )}
      {how === 'break-glass' && asked !== '' && <span className="below">or {asked}</span>}
    </span>
  );
}
