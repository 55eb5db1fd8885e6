import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ContentLayout from '@cloudscape-design/components/content-layout';
import FormField from '@cloudscape-design/components/form-field';
import Grid from '@cloudscape-design/components/grid';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Link from '@cloudscape-design/components/link';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useEffect, useState } from 'react';
import type { RequestView } from '../../lambdas/api/document/schemas.ts';
import { sentenceOf } from '../api/client.ts';
import { exportTo } from '../api/export.ts';
import type { Page } from '../api/page.ts';
import { useDesk, useDoing, useNow } from '../parts/context.ts';
import { detailHref } from '../parts/route.ts';
import { StateOf } from '../parts/state-of.tsx';
import { targetWords, when } from '../words/words.ts';

/** A ready question of an auditor, as the query it is. */
const VIEWS: readonly { readonly label: string; readonly query: string }[] = [
  { label: 'Everything', query: '' },
  { label: 'Active now', query: 'state=active' },
  { label: 'Break glass without review', query: 'breakGlass=true&reviewed=false' },
  { label: 'Refused', query: 'state=refused' },
  { label: 'Could not be taken back', query: 'state=failed' },
];

const STATES = [
  { value: '', label: 'Any' },
  { value: 'pending', label: 'Waits for approval' },
  { value: 'approved,scheduled,granting,active,ending', label: 'Approved or there' },
  { value: 'active', label: 'Active' },
  { value: 'ended,reported', label: 'Ended' },
  { value: 'denied', label: 'Denied' },
  { value: 'refused', label: 'Refused' },
  { value: 'expired,cancelled', label: 'Expired or taken back' },
  { value: 'failed', label: 'Could not be taken back' },
];

const GLASS = [
  { value: '', label: 'Any' },
  { value: 'breakGlass=true', label: 'Break glass' },
  { value: 'breakGlass=true&reviewed=false', label: 'Break glass without review' },
  { value: 'breakGlass=false', label: 'No break glass' },
];

/** After the last key somebody presses; milliseconds. */
const PAUSE_MS = 400;

/** All requests, for auditors and operators. The query is in the address, so that a view can be kept and sent. */
export function AuditPage({ query: first }: { readonly query: string }) {
  const { api, tell } = useDesk();
  const now = useNow();
  const [query, setQuery] = useState(first);
  const [found, setFound] = useState<{
    readonly of: string;
    readonly requests: readonly RequestView[];
    readonly next: string | null;
  }>();
  const [failed, setFailed] = useState<unknown>();
  const more = useDoing();
  const exporting = useDoing();

  useEffect(() => {
    let isOver = false;
    const timer = setTimeout(
      async () => {
        history.replaceState(null, '', `#/audit${query === '' ? '' : `?${query}`}`);
        try {
          const { requests, nextCursor } = await api.get<Page>(`/all/requests?${query}`);
          if (isOver) return;
          setFound({ of: query, requests, next: nextCursor });
          setFailed(undefined);
        } catch (error) {
          if (!isOver) setFailed(error);
        }
      },
      query === first ? 0 : PAUSE_MS,
    );
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [api, query, first]);

  const filter = new URLSearchParams(query);
  function change(name: string, value: string): void {
    const changed = new URLSearchParams(query);
    if (value === '') changed.delete(name);
    else changed.set(name, value);
    setQuery(changed.toString());
  }
  function changeGlass(value: string): void {
    const changed = new URLSearchParams(query);
    changed.delete('breakGlass');
    changed.delete('reviewed');
    for (const [name, one] of new URLSearchParams(value)) changed.set(name, one);
    setQuery(changed.toString());
  }
  const glass = ['breakGlass', 'reviewed'].flatMap((name) => (filter.has(name) ? [`${name}=${filter.get(name)}`] : []));
  const field = (name: string, label: string, placeholder: string) => (
    <FormField label={label}>
      <Input
        type="search"
        value={filter.get(name) ?? ''}
        placeholder={placeholder}
        onChange={({ detail }) => change(name, detail.value)}
        data-testid={`filter-${name}`}
      />
    </FormField>
  );

  const showMore = () =>
    more.run(async () => {
      if (found === undefined || found.next === null) return;
      const cursor = new URLSearchParams({ cursor: found.next });
      const page = await api.get<Page>(`/all/requests?${query}&${cursor}`);
      setFound((before) =>
        before?.of === query
          ? { of: query, requests: [...before.requests, ...page.requests], next: page.nextCursor }
          : before,
      );
    });
  const download = () =>
    exporting.run(async () => {
      const rows = await exportTo('glasshammer-requests.csv', `/all/requests.csv?${query}`, api);
      tell(rows === 1 ? 'One request was exported.' : `${rows} requests were exported.`);
    });

  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description={filter.has('from') || filter.has('to') ? undefined : 'Asked in the last 13 months.'}
          actions={
            <Button iconName="download" loading={exporting.busy} onClick={() => void download()} data-testid="export">
              Export CSV
            </Button>
          }
        >
          Audit
        </Header>
      }
    >
      <SpaceBetween size="m">
        {[failed, more.error, exporting.error].map(
          (error) =>
            error !== undefined && (
              <Alert key={sentenceOf(error)} type="error">
                {sentenceOf(error)}
              </Alert>
            ),
        )}
        <SpaceBetween direction="horizontal" size="xs">
          {VIEWS.map((view) => (
            <Button
              key={view.label}
              variant={view.query === query ? 'primary' : 'normal'}
              onClick={() => setQuery(view.query)}
            >
              {view.label}
            </Button>
          ))}
        </SpaceBetween>
        <Grid gridDefinition={Array.from({ length: 5 }, () => ({ colspan: { default: 6, m: 4, l: 2 } }))}>
          {field('text', 'Contains', 'Reason, ticket, name')}
          {field('person', 'Person', 'User name or e-mail, in full')}
          {field('set', 'Permission set', 'Name')}
          <FormField label="State">
            <Select
              selectedOption={
                STATES.find(({ value }) => value === (filter.get('state') ?? '')) ?? {
                  value: filter.get('state') ?? '',
                  label: filter.get('state') ?? '',
                }
              }
              options={STATES}
              onChange={({ detail }) => change('state', detail.selectedOption.value ?? '')}
            />
          </FormField>
          <FormField label="Break glass">
            <Select
              selectedOption={GLASS.find(({ value }) => value === glass.join('&')) ?? null}
              options={GLASS}
              onChange={({ detail }) => changeGlass(detail.selectedOption.value ?? '')}
            />
          </FormField>
        </Grid>
        <Table
          items={[...(found?.requests ?? [])]}
          trackBy="id"
          loading={found === undefined && failed === undefined}
          loadingText="Searching"
          wrapLines
          contentDensity="compact"
          ariaLabels={{ tableLabel: 'Requests' }}
          empty={
            <Box textAlign="center" padding="l" color="text-body-secondary">
              {found?.next == null
                ? 'No request is like this.'
                : 'None of the requests looked at so far is like this. Show more looks at earlier ones.'}
            </Box>
          }
          columnDefinitions={[
            { id: 'at', header: 'Asked', width: 120, cell: ({ requestedAt }) => when(requestedAt, now) },
            {
              id: 'who',
              header: 'Person',
              minWidth: 120,
              cell: ({ requester }) => requester.displayName || requester.userName,
            },
            {
              id: 'what',
              header: 'What',
              minWidth: 180,
              cell: (request) => <Link href={detailHref(request.id)}>{targetWords(request)}</Link>,
            },
            {
              id: 'state',
              header: 'State',
              minWidth: 160,
              cell: ({ state, breakGlass }) => <StateOf state={state} breakGlass={breakGlass} />,
            },
            {
              id: 'why',
              header: 'Reason',
              minWidth: 200,
              cell: ({ reason, refusal }) => <span className="reason">{refusal?.sentence ?? reason}</span>,
            },
          ]}
          footer={
            found?.next != null && (
              <Box textAlign="center">
                <Button onClick={() => void showMore()} loading={more.busy}>
                  Show more
                </Button>
              </Box>
            )
          }
        />
      </SpaceBetween>
    </ContentLayout>
  );
}
