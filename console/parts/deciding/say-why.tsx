import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Textarea from '@cloudscape-design/components/textarea';
import { type ReactNode, useState } from 'react';
import { useAction } from '../context.ts';
import { Dialog } from '../dialog.tsx';

interface SayWhyProps {
  readonly header: string;
  /** The label of the button that runs `onDo`. */
  readonly action: string;
  /** The label of the text field. */
  readonly label: string;
  readonly isOptional?: boolean;
  /** The text is a word or two. */
  readonly isShort?: boolean;
  readonly children?: ReactNode;
  /** Runs the action with the text from the field. */
  onDo(text: string): Promise<void>;
  onClose(): void;
}

/** Asks for confirmation and a text before an action. */
export function SayWhy({
  header,
  action,
  label,
  isOptional = false,
  isShort = false,
  children,
  onDo,
  onClose,
}: SayWhyProps) {
  const { busy, error, run } = useAction();
  const [text, setText] = useState('');
  const act = () =>
    run(async () => {
      await onDo(text.trim());
      onClose();
    });
  return (
    <Dialog
      header={header}
      action={action}
      busy={busy}
      disabled={!isOptional && text.trim() === ''}
      testId="say-ok"
      error={error}
      onDo={() => void act()}
      onClose={onClose}
    >
      {children}
      <FormField
        label={
          <span>
            {label}
            {isOptional && <i> - optional</i>}
          </span>
        }
      >
        {isShort ? (
          <Input value={text} onChange={({ detail }) => setText(detail.value)} data-testid="say" />
        ) : (
          <Textarea value={text} rows={2} onChange={({ detail }) => setText(detail.value)} data-testid="say" />
        )}
      </FormField>
    </Dialog>
  );
}
