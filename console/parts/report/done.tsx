import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import type { DoneView } from '../../../lambdas/api/document/schemas-of-report.ts';
import { KIND_WORDS } from '../../words/report-words.ts';
import { when } from '../../words/words.ts';
import { useNow } from '../context.ts';
import { Status } from '../status.tsx';
import { Lines } from './lines.tsx';

/**
 * What was done with an access as far as CloudTrail showed it: findings first, then what was not seen, then every kind
 * of call.
 */
export function Done({ done }: { readonly done: DoneView }) {
  const { headline, verdict, coverage, findings, mayStillAct, sessions, calls } = done;
  const serious = findings.filter(({ level }) => level === 'look').length;
  return (
    <SpaceBetween size="m">
      <SpaceBetween size="xxs">
        <Box variant="strong" fontSize="heading-m">
          {headline}
        </Box>
        <Box>{verdict}</Box>
        <Status type={serious > 0 ? 'warning' : coverage.status === 'complete' ? 'success' : 'info'}>
          {serious > 0 ? `${serious} to look at` : 'Nothing was flagged'}
        </Status>
      </SpaceBetween>
      {findings.map(({ id, level, title, sentence, found, resources }) => (
        <SpaceBetween key={id} size="xxs">
          <SpaceBetween direction="horizontal" size="xs" alignItems="center">
            <Badge color={level === 'look' ? 'red' : 'grey'}>{level === 'look' ? 'Look at' : 'Note'}</Badge>
            <Box variant="h3" padding="n">
              {title}
            </Box>
          </SpaceBetween>
          <Box>{sentence}</Box>
          <div className="reason">{[found, ...resources].join('\n')}</div>
        </SpaceBetween>
      ))}
      {mayStillAct.length > 0 && (
        <SpaceBetween size="xxs">
          <Box variant="h3">What may still act</Box>
          <Lines lines={mayStillAct} />
        </SpaceBetween>
      )}
      {coverage.gaps.length > 0 && (
        <SpaceBetween size="xxs">
          <Status type="warning">
            <b>Not everything was seen</b>
          </Status>
          <Lines lines={coverage.gaps} />
        </SpaceBetween>
      )}
      {calls.length > 0 && (
        <ExpandableSection headerText={`Calls (${calls.length})`} data-testid="report-calls">
          <Calls calls={calls} />
        </ExpandableSection>
      )}
      {sessions.length > 0 && (
        <ExpandableSection headerText="Sessions">
          {sessions.map(({ depth, name, detail }) => (
            <div
              key={`${depth} ${name} ${detail}`}
              style={{ paddingInlineStart: `${depth * 1.25}rem` }}
              className="reason"
            >
              <Box variant="strong" display="block">
                {name}
              </Box>
              <Box color="text-body-secondary" fontSize="body-s">
                {detail}
              </Box>
            </div>
          ))}
        </ExpandableSection>
      )}
      <ExpandableSection headerText="What was looked at" data-testid="report-coverage">
        <Looked coverage={coverage} />
      </ExpandableSection>
    </SpaceBetween>
  );
}

function Looked({ coverage }: Pick<DoneView, 'coverage'>) {
  const { regionsRead, regionsNotRead, limits } = coverage;
  return (
    <SpaceBetween size="s">
      {regionsRead.length > 0 && (
        <div className="reason">
          <Box variant="strong" display="block">
            Read to the end
          </Box>
          {regionsRead.join(', ')}
        </div>
      )}
      {regionsNotRead.map(({ accountId, region, why }) => (
        <div key={`${accountId} ${region}`} className="reason">
          <Box variant="strong" display="block">
            Not read: {region} of account {accountId}
          </Box>
          {why}
        </div>
      ))}
      <Lines lines={limits} />
    </SpaceBetween>
  );
}

function Calls({ calls }: Pick<DoneView, 'calls'>) {
  const now = useNow();
  return (
    <Table
      items={[...calls]}
      variant="embedded"
      wrapLines
      contentDensity="compact"
      ariaLabels={{ tableLabel: 'Calls' }}
      columnDefinitions={[
        { id: 'kind', header: 'Kind', width: 110, cell: ({ kind }) => KIND_WORDS[kind] ?? kind },
        {
          id: 'action',
          header: 'Call',
          minWidth: 200,
          cell: ({ action, errorCode, risk }) => (
            <span className="reason">
              {action}
              {errorCode !== null && ` [${errorCode}]`} {risk !== null && <Badge color="red">{risk}</Badge>}
            </span>
          ),
        },
        { id: 'count', header: 'Times', width: 80, cell: ({ count }) => count },
        { id: 'when', header: 'First', width: 110, cell: ({ first }) => when(first, now) },
        {
          id: 'on',
          header: 'On',
          minWidth: 200,
          cell: ({ resources, as }) => (
            <span className="reason">{[...resources, ...(as === null ? [] : [`as ${as}`])].join('\n')}</span>
          ),
        },
      ]}
    />
  );
}
