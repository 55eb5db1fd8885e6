import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Checkbox from '@cloudscape-design/components/checkbox';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';

/** Whether somebody wants to break the glass; said of one thing, it is not said of another. @param what all that it is said of */
export function useConfirmed(what: string): readonly [boolean, (isConfirmed: boolean) => void] {
  const [confirmed, setConfirmed] = useState<string>();
  // Forgotten when it changes, so that whoever comes back to the same thing says it again.
  if (confirmed !== undefined && confirmed !== what) setConfirmed(undefined);
  return [confirmed === what, (isConfirmed) => setConfirmed(isConfirmed ? what : undefined)];
}

interface BreakGlassProps {
  readonly confirmed: boolean;
  /** Of several accounts: in which. @default of what is asked for */
  readonly where?: readonly string[];
  onChange(confirmed: boolean): void;
}

/** Says what it is to break the glass, and asks whether it is meant. */
export function BreakGlass({ confirmed, where = [], onChange }: BreakGlassProps) {
  return (
    <Alert type="warning" header={`This breaks the glass${where.length === 0 ? '' : ` in ${where.join(', ')}`}`}>
      <SpaceBetween size="s">
        <Box>Nobody is asked. Every approver is told, and what you do is reviewed afterwards.</Box>
        <Checkbox checked={confirmed} onChange={({ detail }) => onChange(detail.checked)} data-testid="break-glass">
          I have to do this now
        </Checkbox>
      </SpaceBetween>
    </Alert>
  );
}
