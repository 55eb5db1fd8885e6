import type { Way } from '../../../lambdas/api/document/schemas-of-reach.ts';
import { someOf } from '../../words/words.ts';
import { Status } from '../status.tsx';

/** What a person needs in order to get a target: nobody else, approvals, or break-glass. */
export function WayTo({ way: { how, path, votes } }: { readonly way: Way }) {
  const needed = votes.map(({ count, approvers, approverCount }) => `${count} of ${someOf(approvers, approverCount)}`);
  const asked = needed.join(' and ');
  return (
    <span title={`By ${path}`}>
      {how === 'alone' && <Status type="success">Alone</Status>}
      {how === 'break-glass' && <Status type="warning">Breaks the glass</Status>}
      {how === 'approval' && (
        <Status type="pending" colorOverride="blue">
          {asked}
        </Status>
      )}
      {how === 'break-glass' && asked !== '' && <span className="below">or {asked}</span>}
    </span>
  );
}
