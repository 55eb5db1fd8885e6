import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { useRef, useState } from 'react';
import type { PolicyChange, PolicyCheck } from '../../../lambdas/api/document/schemas-of-changes.ts';
import { isAnswer, sentenceOf } from '../../api/client.ts';
import { useAction, usePageContext } from '../context.ts';
import { CheckResult } from './check-result.tsx';

interface ProposeProps {
  /** The current policies. */
  readonly current: string;
  onDone(): void;
  onClose(): void;
}

/** Edits the policies. The text has to be checked before it can be proposed, and any edit discards the check. */
export function Propose({ current, onDone, onClose }: ProposeProps) {
  const { api, tell } = usePageContext();
  const { busy, error, run } = useAction();
  const [text, setText] = useState(current);
  const [note, setNote] = useState('');
  const [mayRemove, setMayRemove] = useState(false);
  const [check, setCheck] = useState<PolicyCheck>();
  const key = useRef(crypto.randomUUID());
  const removed = check?.differences.length ?? 0;
  const wanted = () => ({ text, ...(mayRemove ? { allowRemoving: Math.max(removed, 1) } : {}) });
  const changed = (change: () => void) => {
    change();
    setCheck(undefined);
    key.current = crypto.randomUUID();
  };
  const look = () => run(async () => setCheck(await api.post<PolicyCheck>('/policy-changes/check', wanted())));
  const propose = () =>
    run(async () => {
      try {
        await api.post<PolicyChange>('/policy-changes', { ...wanted(), note }, key.current);
      } catch (failed) {
        // The first try certainly changed nothing, so the next one may have a new key.
        if (isAnswer(failed)) key.current = crypto.randomUUID();
        throw failed;
      }
      tell('Proposed. Another operator has to accept it.');
      onDone();
    });
  const isAboutRemoving = check?.refusal?.reason === 'removes-policies';
  return (
    <SpaceBetween size="m">
      <FormField label="All policies as they are to be" description="YAML; what is not here is removed" stretch>
        <Textarea
          value={text}
          rows={18}
          spellcheck={false}
          onChange={({ detail }) => changed(() => setText(detail.value))}
          data-testid="policies-text"
        />
      </FormField>
      <FormField label="Why" description="For the other operators">
        <Input value={note} onChange={({ detail }) => setNote(detail.value)} data-testid="policies-note" />
      </FormField>
      {error !== undefined && <Alert type="error">{sentenceOf(error)}</Alert>}
      <div aria-live="polite" data-testid="policies-check">
        {check !== undefined && <CheckResult check={check} />}
      </div>
      {(isAboutRemoving || mayRemove) && (
        <Checkbox
          checked={mayRemove}
          onChange={({ detail }) => changedRemoving(detail.checked)}
          data-testid="may-remove"
        >
          These removals are meant
        </Checkbox>
      )}
      <SpaceBetween size="xs" direction="horizontal">
        <Button loading={busy} onClick={look} data-testid="policies-look">
          Check
        </Button>
        <Button
          variant="primary"
          loading={busy}
          disabled={check === undefined || (check.refusal !== null && !(isAboutRemoving && mayRemove))}
          onClick={propose}
          data-testid="policies-propose"
        >
          Propose
        </Button>
        <Button variant="link" onClick={onClose}>
          Cancel
        </Button>
      </SpaceBetween>
    </SpaceBetween>
  );

  /** The check stays: whether removing is allowed changes the proposal, not the differences. */
  function changedRemoving(checked: boolean) {
    setMayRemove(checked);
    key.current = crypto.randomUUID();
  }
}
