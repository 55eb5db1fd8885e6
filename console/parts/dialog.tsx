import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import { sentenceOf } from '../api/client.ts';

interface DialogProps {
  readonly header: string;
  /** The label of the button that runs `onDo`. */
  readonly action: string;
  /** The label of the button that only closes the dialog. */
  readonly dismissal?: string;
  readonly busy: boolean;
  readonly disabled?: boolean;
  /** The test id of the button that runs `onDo`. */
  readonly testId: string;
  /** Why the action failed; `undefined`: it did not. */
  readonly error: Parameters<typeof sentenceOf>[0] | undefined;
  readonly children: ReactNode;
  onDo(): void;
  onClose(): void;
}

/** Asks for confirmation before an action, and shows why the action failed. */
export function Dialog(props: DialogProps) {
  const {
    header,
    action,
    dismissal = 'Cancel',
    busy,
    disabled = false,
    testId,
    error,
    children,
    onDo,
    onClose,
  } = props;
  return (
    <Modal
      visible
      onDismiss={onClose}
      header={header}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {dismissal}
            </Button>
            <Button variant="primary" loading={busy} disabled={disabled} onClick={onDo} data-testid={testId}>
              {action}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {children}
        {error !== undefined && <Alert type="error">{sentenceOf(error)}</Alert>}
      </SpaceBetween>
    </Modal>
  );
}
