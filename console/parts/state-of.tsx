import Badge from '@cloudscape-design/components/badge';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { stateWords } from '../words/words.ts';

/** Where a request stands, in a word. */
export function StateOf({ state, breakGlass }: { readonly state: string; readonly breakGlass: boolean }) {
  const { kind, words } = stateWords(state);
  return (
    <SpaceBetween direction="horizontal" size="xs" alignItems="center">
      <StatusIndicator type={kind} wrapText={false}>
        {words}
      </StatusIndicator>
      {breakGlass && <Badge color="red">Break glass</Badge>}
    </SpaceBetween>
  );
}
