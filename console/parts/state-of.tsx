import Badge from '@cloudscape-design/components/badge';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { stateWords } from '../words/words.ts';
import { Status } from './status.tsx';

/** The state of a request in a few words. */
export function StateOf({ state, breakGlass }: { readonly state: string; readonly breakGlass: boolean }) {
  const { kind, words } = stateWords(state);
  return (
    <SpaceBetween direction="horizontal" size="xs" alignItems="center">
      <Status type={kind} wrapText={false}>
        {words}
      </Status>
      {breakGlass && <Badge color="red">Break glass</Badge>}
    </SpaceBetween>
  );
}
