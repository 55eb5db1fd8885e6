import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { type ReactNode, useState } from 'react';
import { sentenceOf } from '../api/client.ts';
import { useDoing } from './context.ts';

interface SayWhyProps {
  readonly header: string;
  /** What the button says that does it. */
  readonly action: string;
  /** What is to be written. */
  readonly label: string;
  readonly isOptional?: boolean;
  readonly children?: ReactNode;
  /** Does it, with what was written. */
  onDo(text: string): Promise<void>;
  onClose(): void;
}

/** Asks once more before something is done, with a few words that go with it. */
export function SayWhy({ header, action, label, isOptional = false, children, onDo, onClose }: SayWhyProps) {
  const { busy, error, run } = useDoing();
  const [text, setText] = useState('');
  const act = () =>
    run(async () => {
      await onDo(text.trim());
      onClose();
    });
  return (
    <Modal
      visible
      onDismiss={onClose}
      header={header}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              Cancel
            </Button>
            <Button
              variant="primary"
              loading={busy}
              disabled={!isOptional && text.trim() === ''}
              onClick={() => void act()}
              data-testid="say-ok"
            >
              {action}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {children}
        <FormField
          label={
            <span>
              {label}
              {isOptional && <i> - optional</i>}
            </span>
          }
        >
          <Textarea value={text} rows={2} onChange={({ detail }) => setText(detail.value)} data-testid="say" />
        </FormField>
        {error !== undefined && <Alert type="error">{sentenceOf(error)}</Alert>}
      </SpaceBetween>
    </Modal>
  );
}
