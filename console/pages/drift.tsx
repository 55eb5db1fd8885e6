import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useCallback } from 'react';
import type { DriftView } from '../api/answers.ts';
import { sentenceOf } from '../api/client.ts';
import { useLoaded, useNow, usePageContext } from '../parts/context.ts';
import { Status } from '../parts/status.tsx';
import { ago, when } from '../words/words.ts';

type Finding = DriftView['findings'][number];

/** Access that was given outside of Glasshammer: the findings of the drift check. */
export function DriftPage() {
  const { api } = usePageContext();
  const now = useNow();
  const load = useCallback(() => api.get<DriftView>('/drift'), [api]);
  const { value, error } = useLoaded(load, 15_000);
  return (
    <ContentLayout
      header={
        <Header variant="h1" description="Assignments that no request stands behind.">
          Drift
        </Header>
      }
    >
      <SpaceBetween size="m">
        {error !== undefined && <Alert type="error">{sentenceOf(error)}</Alert>}
        {value !== undefined && (
          <Box>
            {value.mode === 'enforcing' ? (
              <Status type="success">What the rules say is removed</Status>
            ) : (
              <Status type="info">It is told, and nothing is removed</Status>
            )}
            <Box color="text-body-secondary">
              {value.pass === null
                ? 'Nothing has been looked through yet.'
                : `Last looked through ${ago(now - Date.parse(value.pass.startedAt))}: ${value.pass.checked} pairs of account and permission set, ${value.pass.failures} unreadable.`}
            </Box>
          </Box>
        )}
        <Table
          items={[...(value?.findings ?? [])]}
          loading={value === undefined && error === undefined}
          loadingText="Looking"
          wrapLines
          contentDensity="compact"
          ariaLabels={{ tableLabel: 'Access given outside of Glasshammer' }}
          empty={
            <Box textAlign="center" padding="l" color="text-body-secondary">
              Nothing was found.
            </Box>
          }
          columnDefinitions={[
            {
              id: 'who',
              header: 'Who',
              minWidth: 140,
              cell: ({ principalName, principalId }: Finding) => principalName ?? principalId,
            },
            { id: 'what', header: 'What', minWidth: 200, cell: whatOf },
            { id: 'by', header: 'Made by', minWidth: 140, cell: ({ madeBy }: Finding) => madeBy ?? 'not known' },
            { id: 'found', header: 'Found', minWidth: 100, cell: ({ foundAt }: Finding) => when(foundAt, now) },
            {
              id: 'status',
              header: 'What becomes of it',
              minWidth: 160,
              cell: (finding: Finding) => <FindingStatus finding={finding} />,
            },
          ]}
        />
      </SpaceBetween>
    </ContentLayout>
  );
}

function whatOf({ groupId, groupName, permissionSet, permissionSetArn, accountName, accountId }: Finding): string {
  if (groupId !== null) return `Group ${groupName ?? groupId}`;
  return `${permissionSet ?? permissionSetArn} in ${accountName ?? accountId}`;
}

function FindingStatus({ finding }: { readonly finding: Finding }) {
  const now = useNow();
  if (finding.status === 'removed') return <Status type="stopped">Removed</Status>;
  if (finding.status === 'told') return <Status type="warning">It stays</Status>;
  const at = finding.removeAt === null ? '' : ` at ${when(finding.removeAt, now)}`;
  return <Status type="pending">Is removed{at}</Status>;
}
