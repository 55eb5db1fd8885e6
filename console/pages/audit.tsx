import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useEffect, useState } from 'react';
import type { RequestView } from '../../lambdas/api/document/schemas.ts';
import { sentenceOf } from '../api/client.ts';
import { exportTo } from '../api/export.ts';
import type { Page } from '../api/page.ts';
import { Filter, unfit } from '../parts/audit/filter.tsx';
import { Views } from '../parts/audit/views.tsx';
import { writeQuery } from '../parts/audit/write-query.ts';
import { useAction, useNow, usePageContext } from '../parts/context.ts';
import { AloneInAccount } from '../parts/reach/alone-in-account.tsx';
import { detailHref } from '../parts/route.ts';
import { StateOf } from '../parts/state-of.tsx';
import { targetWords, when } from '../words/words.ts';

/** The search starts this long after the last key press; milliseconds. */
const PAUSE_MS = 400;

/** All requests, for auditors and operators. The query is in the address, so a view can be bookmarked and sent. */
export function AuditPage({ query: first }: { readonly query: string }) {
  const { api, tell } = usePageContext();
  const now = useNow();
  const [query, setQuery] = useState(first);
  const [found, setFound] = useState<{
    readonly of: string;
    readonly requests: readonly RequestView[];
    readonly next: string | null;
  }>();
  const [failed, setFailed] = useState<unknown>();
  const more = useAction();
  const exporting = useAction();

  const isUnfit = Object.keys(unfit(query)).length > 0;

  useEffect(() => {
    // An incomplete account number is neither searched for nor written to the address.
    if (isUnfit) return;
    let isOver = false;
    // The address is written at once; only the search waits for the pause. A person who leaves the page within the
    // pause finds their query again when they come back.
    const isWritten = writeQuery(query);
    const timer = setTimeout(
      async () => {
        if (!isWritten) writeQuery(query);
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
  }, [api, query, first, isUnfit]);

  const filter = new URLSearchParams(query);

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
            <Button
              iconName="download"
              disabled={isUnfit}
              loading={exporting.busy}
              onClick={() => void download()}
              data-testid="export"
            >
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
        <AloneInAccount />
        <Views query={query} onChoose={setQuery} />
        <Filter query={query} onChange={setQuery} />
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
