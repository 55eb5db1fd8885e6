import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { wantedWords } from '../../words/words.ts';
import { usePageContext } from '../context.ts';
import type { WantedTarget } from '../route.ts';
import { isSame, pinnedOf, togglePinned } from './shortcuts.ts';

interface PinnedProps {
  /** The target selected now. It can be pinned when it is complete. */
  readonly wanted: WantedTarget;
  readonly isWhole: boolean;
  onChoose(wanted: WantedTarget): void;
}

/** Buttons for the person's pinned targets, and a button that pins the selected one. */
export function Pinned({ wanted, isWhole, onChoose }: PinnedProps) {
  const { me } = usePageContext();
  const [pinned, setPinned] = useState(() => pinnedOf(me.userId));
  const isPinned = pinned.some((one) => isSame(one, wanted));
  if (pinned.length === 0 && !isWhole) return null;
  return (
    <SpaceBetween direction="horizontal" size="xs" alignItems="center">
      {pinned.map((one) => (
        <Button key={JSON.stringify(one)} formAction="none" onClick={() => onChoose(one)} data-testid="pinned">
          {wantedWords(one)}
        </Button>
      ))}
      {isWhole && (
        <Button
          formAction="none"
          variant="inline-link"
          iconName={isPinned ? 'star-filled' : 'star'}
          onClick={() => setPinned(togglePinned(me.userId, wanted))}
          data-testid="pin"
        >
          {isPinned ? 'Unpin this' : 'Pin this'}
        </Button>
      )}
    </SpaceBetween>
  );
}
