import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Checkbox from '@cloudscape-design/components/checkbox';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';

/**
 * Whether the requester confirmed break-glass. A confirmation counts for one request alone.
 *
 * @param what the request, as text
 */
export function useConfirmed(what: string): readonly [boolean, (isConfirmed: boolean) => void] {
  const [confirmed, setConfirmed] = useState<string>();
  // The confirmation is dropped when the request changes, so a requester who changes back has to confirm again.
  if (confirmed !== undefined && confirmed !== what) setConfirmed(undefined);
  return [confirmed === what, (isConfirmed) => setConfirmed(isConfirmed ? what : undefined)];
}

interface BreakGlassProps {
  readonly confirmed: boolean;
  /** The names of the accounts, where several are asked for. @default [] */
  readonly where?: readonly string[];
  onChange(confirmed: boolean): void;
}

/** Says what break-glass means and asks the requester to confirm it. */
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
