import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Textarea from '@cloudscape-design/components/textarea';
import { type ReactNode, useState } from 'react';
import { useDoing } from '../context.ts';
import { Dialog } from '../dialog.tsx';

interface SayWhyProps {
  readonly header: string;
  /** What the button says that does it. */
  readonly action: string;
  /** What is to be written. */
  readonly label: string;
  readonly isOptional?: boolean;
  /** It is a word or two. */
  readonly isShort?: boolean;
  readonly children?: ReactNode;
  /** Does it, with what was written. */
  onDo(text: string): Promise<void>;
  onClose(): void;
}

/** Asks once more before something is done, with a few words that go with it. */
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
  const { busy, error, run } = useDoing();
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
