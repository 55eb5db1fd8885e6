import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { WantedTarget } from '../route.ts';
import { Decision } from './decision.tsx';
import type { Previewed } from './use-preview.ts';

/** One account's target with its preview. */
export interface Foreseen extends Previewed {
  readonly wanted: WantedTarget;
}

interface DecisionsProps {
  readonly all: readonly Foreseen[];
  onLeaveOut(wanted: WantedTarget): void;
}

/**
 * The previewed decision for each account. The requester has to leave out the refused accounts before the others can be
 * sent.
 */
export function Decisions({ all, onLeaveOut }: DecisionsProps) {
  const [first, ...others] = all;
  if (first === undefined)
    return <Box color="text-body-secondary">Choose what you need, and you see here what would come of it.</Box>;
  if (others.length === 0) return <Decision preview={first.preview} error={first.error} />;
  return (
    <SpaceBetween size="l">
      {all.map(({ wanted, preview, error }) => {
        const name = wanted.accountName ?? wanted.accountId;
        return (
          <div key={wanted.accountId} data-testid={`decision-${wanted.accountId}`}>
            <Box variant="h3">{name}</Box>
            <Decision preview={preview} error={error} />
            {preview?.outcome === 'refused' && (
              <Button
                variant="inline-link"
                formAction="none"
                onClick={() => onLeaveOut(wanted)}
                data-testid={`leave-out-${wanted.accountId}`}
              >
                Leave out {name}
              </Button>
            )}
          </div>
        );
      })}
    </SpaceBetween>
  );
}
