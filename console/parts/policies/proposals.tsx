import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useCallback, useState } from 'react';
import type {
  PolicyChange,
  PolicyChangeDetail,
  PolicyChanges,
} from '../../../lambdas/api/document/schemas-of-changes.ts';
import { sentenceOf } from '../../api/client.ts';
import { useAction, useLoaded, usePageContext } from '../context.ts';
import { SayWhy } from '../deciding/say-why.tsx';
import { CheckResult } from './check-result.tsx';
import { Propose } from './propose.tsx';

/** The policy changes that wait for another operator, and a form to propose one. */
export function Proposals({ onChanged }: { onChanged(): void }) {
  const { api } = usePageContext();
  const load = useCallback(() => api.get<PolicyChanges>('/policy-changes'), [api]);
  const { value, error, refresh } = useLoaded(load, 15_000);
  /** The policies as they were when the operator opened the form; `undefined`: it is closed. */
  const [writing, setWriting] = useState<string>();
  const done = () => {
    setWriting(undefined);
    void refresh();
    onChanged();
  };
  return (
    <Container
      header={
        <Header
          variant="h2"
          description="One operator proposes, another accepts."
          actions={
            <Button
              disabled={value === undefined || writing !== undefined}
              onClick={() => setWriting(value?.text)}
              data-testid="propose"
            >
              Propose a change
            </Button>
          }
        >
          Changes
        </Header>
      }
    >
      <SpaceBetween size="l">
        {error !== undefined && <Alert type="error">{sentenceOf(error)}</Alert>}
        {writing !== undefined && <Propose current={writing} onDone={done} onClose={() => setWriting(undefined)} />}
        {value?.proposals.length === 0 && writing === undefined && (
          <Box color="text-body-secondary">No change waits.</Box>
        )}
        {value?.proposals.map((change) => (
          <Proposal key={change.id} change={change} onDone={done} />
        ))}
      </SpaceBetween>
    </Container>
  );
}

function Proposal({ change, onDone }: { readonly change: PolicyChange; onDone(): void }) {
  const [open, setOpen] = useState(false);
  const until = new Date(change.expiresAt).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <ExpandableSection
      headerText={`Proposed by ${change.proposedBy.userName}`}
      headerDescription={`${change.note === '' ? '' : `${change.note} · `}until ${until}`}
      expanded={open}
      onChange={({ detail }) => setOpen(detail.expanded)}
      data-testid="proposal"
    >
      {open && <OneProposal change={change} onDone={onDone} />}
    </ExpandableSection>
  );
}

function OneProposal({ change, onDone }: { readonly change: PolicyChange; onDone(): void }) {
  const { api, me, tell } = usePageContext();
  const load = useCallback(() => api.get<PolicyChangeDetail>(`/policy-changes/${change.id}`), [api, change.id]);
  const { value, error } = useLoaded(load, 60_000);
  const { busy, error: refused, run } = useAction();
  const [withdrawing, setWithdrawing] = useState(false);
  const isOwn = change.proposedBy.userId === me.userId;
  if (value === undefined)
    return error === undefined ? <Box>Looking at it …</Box> : <Alert type="error">{sentenceOf(error)}</Alert>;
  const accept = () =>
    run(async () => {
      // The hash makes sure that the operator accepts the text shown here.
      await api.post(`/policy-changes/${change.id}/accept`, { textHash: value.textHash });
      tell('Accepted. The policies are changed.');
      onDone();
    });
  const withdraw = async (note: string) => {
    await api.post(`/policy-changes/${change.id}/withdraw`, { note });
    tell(isOwn ? 'Withdrawn.' : 'Turned down.');
    onDone();
  };
  return (
    <SpaceBetween size="m">
      {value.stale && (
        <Alert type="warning">The policies were changed after this was proposed. It has to be proposed anew.</Alert>
      )}
      <CheckResult check={value.check} />
      <ExpandableSection headerText="The whole text">
        <pre className="reason">{value.text}</pre>
      </ExpandableSection>
      {refused !== undefined && <Alert type="error">{sentenceOf(refused)}</Alert>}
      <SpaceBetween size="xs" direction="horizontal">
        {isOwn ? (
          <Box color="text-body-secondary">Another operator has to accept it.</Box>
        ) : (
          <Button
            variant="primary"
            loading={busy}
            disabled={value.stale || value.check.refusal !== null}
            onClick={accept}
            data-testid="accept"
          >
            Accept
          </Button>
        )}
        <Button onClick={() => setWithdrawing(true)} data-testid="withdraw">
          {isOwn ? 'Withdraw' : 'Turn down'}
        </Button>
      </SpaceBetween>
      {withdrawing && (
        <SayWhy
          header={isOwn ? 'Withdraw this change?' : 'Turn this change down?'}
          action={isOwn ? 'Withdraw' : 'Turn down'}
          label="Why"
          isOptional
          onDo={withdraw}
          onClose={() => setWithdrawing(false)}
        />
      )}
    </SpaceBetween>
  );
}
