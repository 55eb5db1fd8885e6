import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useCallback, useState } from 'react';
import type { PolicyChanges } from '../../lambdas/api/document/schemas-of-changes.ts';
import type { HealthView } from '../api/answers.ts';
import { sentenceOf } from '../api/client.ts';
import { useLoaded, useNow, usePageContext } from '../parts/context.ts';
import { SayWhy } from '../parts/deciding/say-why.tsx';
import { Status } from '../parts/status.tsx';
import { Alarms, Doctor, useSystem, Versions } from '../parts/system/deployment.tsx';
import { ago, exactly, stateWords } from '../words/words.ts';

/** The health of the deployment, and for operators the freeze and the lock of a person. */
export function SystemPage({ isOperator, mayPropose }: { readonly isOperator: boolean; readonly mayPropose: boolean }) {
  const { api } = usePageContext();
  const load = useCallback(() => api.get<HealthView>('/health'), [api]);
  const health = useLoaded(load);
  const { value, error } = health;
  const system = useSystem();
  return (
    <ContentLayout header={<Header variant="h1">System</Header>}>
      <SpaceBetween size="l">
        {error !== undefined && <Alert type="error">{sentenceOf(error)}</Alert>}
        {mayPropose && <WaitingChanges />}
        {value !== undefined && <Health health={value} />}
        <Alarms system={system} />
        {value !== undefined && isOperator && (
          <Freeze isFrozen={value.frozen !== null} onDone={() => void health.refresh()} />
        )}
        {isOperator && <StopPerson />}
        {system.value !== undefined && <Doctor system={system.value} />}
        {system.value !== undefined && <Versions versions={system.value.versions} />}
      </SpaceBetween>
    </ContentLayout>
  );
}

/** The policy changes that wait for an operator; renders nothing where there are none. */
function WaitingChanges() {
  const { api, me } = usePageContext();
  const load = useCallback(() => api.get<PolicyChanges>('/policy-changes'), [api]);
  const { value, error } = useLoaded(load, 60_000);
  if (value === undefined) return error === undefined ? null : <Alert type="error">{sentenceOf(error)}</Alert>;
  const theirs = value.proposals.filter(({ proposedBy }) => proposedBy.userId !== me.userId);
  const own = value.proposals.length - theirs.length;
  if (value.proposals.length === 0) return null;
  return (
    <Alert type="info" action={<Button href="#/policies">Look</Button>} data-testid="waiting-changes">
      {theirs.length > 0 &&
        `${theirs.length === 1 ? 'One change' : `${theirs.length} changes`} of the policies, proposed by ${[...new Set(theirs.map(({ proposedBy }) => proposedBy.userName))].join(', ')}, ${theirs.length === 1 ? 'waits' : 'wait'} for you or another operator. `}
      {own > 0 &&
        `${own === 1 ? 'One change' : `${own} changes`} that you proposed ${own === 1 ? 'waits' : 'wait'} for another operator.`}
    </Alert>
  );
}

function Health({ health: { status, frozen, sweptAt, open, reviewsOwed } }: { readonly health: HealthView }) {
  const now = useNow();
  return (
    <Container header={<Header variant="h2">Now</Header>}>
      <SpaceBetween size="m">
        {status === 'ok' && <Status type="success">Access is given and taken back</Status>}
        {status === 'sweep-stands-still' && (
          <Status type={sweptAt === null ? 'info' : 'error'}>
            {sweptAt === null ? 'The first sweep has not been yet' : 'The sweep stands still: read the runbook'}
          </Status>
        )}
        {frozen !== null && (
          <Alert type="warning" header="Frozen: no access is given">
            {frozen.reason} ({exactly(frozen.at)})
          </Alert>
        )}
        <KeyValuePairs
          columns={4}
          minColumnWidth={140}
          items={[
            { label: 'Last sweep', value: sweptAt === null ? 'None yet' : ago(now - Date.parse(sweptAt)) },
            { label: 'Reviews owed', value: String(reviewsOwed ?? '-') },
            ...Object.entries(open ?? {}).map(([state, count]) => ({
              label: stateWords(state).words,
              value: String(count),
            })),
          ]}
        />
      </SpaceBetween>
    </Container>
  );
}

function Freeze({ isFrozen, onDone }: { readonly isFrozen: boolean; onDone(): void }) {
  const { api, tell } = usePageContext();
  // The action is fixed when the dialog opens: a freeze or thaw by another operator meanwhile does not change it.
  const [doing, setDoing] = useState<'Freeze' | 'Thaw'>();
  const verb = isFrozen ? 'Thaw' : 'Freeze';
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={
            isFrozen
              ? 'Access can be given again after this.'
              : 'Refuses every new access, everywhere, at once. What is there stays until its end.'
          }
          actions={
            <Button onClick={() => setDoing(verb)} data-testid="freeze">
              {verb}
            </Button>
          }
        >
          {verb}
        </Header>
      }
    >
      {doing !== undefined && (
        <SayWhy
          header={doing === 'Thaw' ? 'Let access be given again?' : 'Refuse all new access?'}
          action={doing}
          label="Why"
          isOptional={doing === 'Thaw'}
          onClose={() => setDoing(undefined)}
          onDo={async (reason) => {
            await api.post(`/operate/${doing.toLowerCase()}`, { reason });
            tell(doing === 'Thaw' ? 'Access is given again.' : 'Frozen.');
            onDone();
          }}
        />
      )}
    </Container>
  );
}

interface Stopped {
  readonly userName: string;
  readonly revoked: readonly unknown[];
}

function StopPerson() {
  const { api, tell } = usePageContext();
  const [user, setUser] = useState('');
  const [doing, setDoing] = useState<'lock' | 'unlock'>();
  const isNobody = user.trim() === '';
  return (
    <Container
      header={
        <Header
          variant="h2"
          description="Locking refuses every new request of a person and ends what they have. Sessions that are open go on until they end; the command line cuts them off."
        >
          Stop a person
        </Header>
      }
    >
      <SpaceBetween size="m">
        <FormField label="Person">
          <Input value={user} placeholder="User name or e-mail" onChange={({ detail }) => setUser(detail.value)} />
        </FormField>
        <SpaceBetween direction="horizontal" size="xs">
          <Button disabled={isNobody} onClick={() => setDoing('lock')}>
            Lock
          </Button>
          <Button disabled={isNobody} onClick={() => setDoing('unlock')}>
            Unlock
          </Button>
        </SpaceBetween>
      </SpaceBetween>
      {doing !== undefined && (
        <SayWhy
          header={doing === 'lock' ? 'Lock this person?' : 'Unlock this person?'}
          action={doing === 'lock' ? 'Lock' : 'Unlock'}
          label="Why"
          isOptional={doing === 'unlock'}
          onClose={() => setDoing(undefined)}
          onDo={async (reason) => {
            const { userName, revoked } = await api.post<Stopped>(`/operate/${doing}`, { user: user.trim(), reason });
            tell(
              doing === 'lock'
                ? `${userName} is locked; ${revoked.length} ended. Running sessions go on until their credentials end: "glasshammer lock" denies them, too.`
                : `${userName} may ask again.`,
            );
          }}
        >
          <Box>{user}</Box>
        </SayWhy>
      )}
    </Container>
  );
}
