import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { WantedTarget } from '../route.ts';
import { Decision } from './decision.tsx';
import type { Previewed } from './use-preview.ts';

/** What is wanted in one account, with what would come of it. */
export interface Foreseen extends Previewed {
  readonly wanted: WantedTarget;
}

interface DecisionsProps {
  readonly all: readonly Foreseen[];
  onLeaveOut(wanted: WantedTarget): void;
}

/** What would come of an ask in each of its accounts. What is not allowed in one of them is left out before the others are asked for. */
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
