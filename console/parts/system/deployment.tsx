import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useCallback } from 'react';
import type { SystemView } from '../../../lambdas/api/document/schemas-of-system.ts';
import { sentenceOf } from '../../api/client.ts';
import { ago, exactly } from '../../words/words.ts';
import { type Loaded, useLoaded, useNow, usePageContext } from '../context.ts';
import { Status } from '../status.tsx';

/**
 * Alarms are evaluated once a minute, and each open page makes its own CloudWatch call, so this is read less often;
 * milliseconds.
 */
const EVERY_MS = 30_000;

/** The state of the deployment, read again at an interval. */
export function useSystem(): Loaded<SystemView> {
  const { api } = usePageContext();
  const load = useCallback(() => api.get<SystemView>('/system'), [api]);
  return useLoaded(load, EVERY_MS);
}

type AlarmsView = NonNullable<SystemView['alarms']>;

/**
 * The alarms that are on. The card has its place before they are known, so that nothing below it moves while somebody
 * clicks.
 */
export function Alarms({ system: { value, error } }: { readonly system: Loaded<SystemView> }) {
  return (
    <Container
      header={
        <Header variant="h2" description={value && `Looked at ${exactly(value.lookedAt)}`}>
          Alarms
        </Header>
      }
      data-testid="alarms"
    >
      <SpaceBetween size="m">
        {error !== undefined && <Alert type="error">{sentenceOf(error)}</Alert>}
        {value === undefined && error === undefined && <Status type="loading">Looking</Status>}
        {value?.alarms === null && (
          <Status type="warning">
            CloudWatch could not be asked how the alarms stand. All else on this page is known without it.
          </Status>
        )}
        {value?.alarms && <Standing alarms={value.alarms} />}
      </SpaceBetween>
    </Container>
  );
}

function Standing({ alarms: { firing, insufficient, ok } }: { readonly alarms: AlarmsView }) {
  return (
    <SpaceBetween size="m">
      {firing.length === 0 && <Status type="success">No alarm is on</Status>}
      {firing.map((alarm) => (
        <OneAlarm key={alarm.name} alarm={alarm} type={alarm.severity === 'high' ? 'error' : 'warning'} />
      ))}
      {insufficient.map((alarm) => (
        <OneAlarm key={alarm.name} alarm={alarm} type="pending" tooLittle />
      ))}
      <Box color="text-body-secondary">
        {ok === 1 ? 'One alarm is quiet.' : `${ok} alarms are quiet.`}
        {insufficient.length === 0 ? '' : ` CloudWatch has too little data to judge ${insufficient.length}.`}
      </Box>
    </SpaceBetween>
  );
}

function OneAlarm({
  alarm: { name, severity, title, since, runbook },
  type,
  tooLittle = false,
}: {
  readonly alarm: AlarmsView['firing'][number];
  readonly type: 'error' | 'warning' | 'pending';
  /** The alarm has too little data to be evaluated. */
  readonly tooLittle?: boolean;
}) {
  const now = useNow();
  const stands = tooLittle ? 'Too little data' : 'On';
  return (
    <div data-testid="alarm">
      <Status type={type}>{title}</Status>
      <Box color="text-body-secondary">
        {severity === 'high' ? 'High severity. ' : 'Low severity. '}
        {since === null ? `${stands}.` : `${stands} since ${exactly(since)}, ${ago(now - Date.parse(since))}.`}
      </Box>
      <Box color="text-body-secondary">
        <span className="words">
          {runbook === '' ? '' : `docs/runbook.md, “${runbook}”. `}In CloudWatch: {name}
        </span>
      </Box>
    </div>
  );
}

/** The command that runs the doctor, and the signs of health that the API itself can read. */
export function Doctor({ system: { doctor, signs } }: { readonly system: SystemView }) {
  const now = useNow();
  const last = (at: string | null) => (at === null ? 'None yet' : ago(now - Date.parse(at)));
  return (
    <Container
      header={
        <Header
          variant="h2"
          description="Looks at what this page cannot: Identity Center, Slack, mail, the tables' records, the readers and the session guards in every account. It only reads."
        >
          Doctor
        </Header>
      }
      data-testid="doctor"
    >
      <SpaceBetween size="m">
        {doctor !== null && (
          <Box>
            In a checkout, with an operator's credentials: <code className="reason">{doctor}</code>
          </Box>
        )}
        <KeyValuePairs
          columns={4}
          minColumnWidth={140}
          items={[
            { label: 'Last sweep', value: last(signs.sweptAt) },
            { label: 'Change heard of from this account', value: last(signs.heardHereAt) },
            { label: 'From the management account', value: last(signs.heardFromManagementAt) },
            { label: 'Drift is', value: signs.driftMode === 'enforcing' ? 'removed by its rules' : 'only reported' },
            { label: 'Last full pass began', value: last(signs.driftPassStartedAt) },
            {
              label: 'And ended',
              value:
                signs.driftPassStartedAt !== null && signs.driftPassFinishedAt === null
                  ? 'Not yet'
                  : last(signs.driftPassFinishedAt),
            },
          ]}
        />
      </SpaceBetween>
    </Container>
  );
}

/** The deployed versions. */
export function Versions({ versions: { glasshammer, tables, tablesProblem, node } }: Pick<SystemView, 'versions'>) {
  return (
    <Container header={<Header variant="h2">Versions</Header>} data-testid="versions">
      <SpaceBetween size="m">
        {tablesProblem !== null && <Status type="error">{`Nothing is given: ${tablesProblem}`}</Status>}
        <KeyValuePairs
          columns={4}
          minColumnWidth={140}
          items={[
            { label: 'Glasshammer', value: glasshammer ?? 'Unknown' },
            { label: 'Schema of the tables', value: tables === null ? 'Unreadable' : String(tables) },
            { label: 'Node', value: node },
          ]}
        />
      </SpaceBetween>
    </Container>
  );
}
