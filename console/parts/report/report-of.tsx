import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useCallback } from 'react';
import type { RequestDetail } from '../../../lambdas/api/document/schemas.ts';
import type { ReportAnswer, ReportView } from '../../../lambdas/api/document/schemas-of-report.ts';
import { sentenceOf } from '../../api/client.ts';
import { editionWords } from '../../words/report-words.ts';
import { when } from '../../words/words.ts';
import { useLoaded, useNow, usePageContext } from '../context.ts';
import { Done } from './done.tsx';
import { Lines } from './lines.tsx';

/** New editions are rare, and the request's history shows when one has come; milliseconds. */
const SELDOM_MS = 60_000;

/** The report of ended access, or a note that there is none yet. @param request the request that has the report */
export function ReportOf({ request }: { readonly request: RequestDetail }) {
  const { api } = usePageContext();
  const load = useCallback(() => api.get<ReportAnswer>(`/requests/${request.id}/report`), [api, request.id]);
  const { value, error } = useLoaded(load, SELDOM_MS);
  const report = value?.report ?? undefined;
  if (error === undefined && value === undefined) return null;
  return (
    <Container
      header={
        <Header variant="h2" description={report === undefined ? undefined : <Which report={report} />}>
          What was done
        </Header>
      }
      data-testid="report"
    >
      {error !== undefined && <Alert type="error">{sentenceOf(error)}</Alert>}
      {report !== undefined && <Report report={report} />}
      {report === undefined && error === undefined && (
        <Box color="text-body-secondary">
          The report is not out yet. It comes here, and by mail, some minutes after the end.
        </Box>
      )}
    </Container>
  );
}

/** Which edition this is, and when the next one comes. */
function Which({ report: { edition, sentAt, finalAt } }: { readonly report: ReportView }) {
  const now = useNow();
  const sent = sentAt === null ? 'It could not be mailed yet.' : `Mailed ${when(sentAt, now)}.`;
  const final = finalAt === null ? '' : ` The final edition is read at ${when(finalAt, now)}.`;
  return (
    <>
      {editionWords(edition)}. {sent}
      {final}
    </>
  );
}

function Report({ report }: { readonly report: ReportView }) {
  const { news, advice, list } = report;
  return (
    <SpaceBetween size="l">
      {news?.lines.length === 0 && <Box color="text-body-secondary">{news.since}: nothing new.</Box>}
      {news !== null && news.lines.length > 0 && (
        <Alert type="info" header={news.since}>
          <Lines lines={news.lines} />
        </Alert>
      )}
      <Done done={report} />
      {advice.length > 0 && (
        <SpaceBetween size="xxs">
          <Box variant="h3">What would have been enough</Box>
          <Lines lines={advice} />
        </SpaceBetween>
      )}
      {list !== null && (
        <SpaceBetween size="xxs">
          <Box variant="h3">Every call</Box>
          <Box>{list.sentence}</Box>
          {list.files.map(({ format, key, sha256, address }) => (
            <div key={key} className="reason">
              <Link href={address} external externalIconAriaLabel="(opens in a new tab)">
                {format.toUpperCase()}
              </Link>
              <Box color="text-body-secondary" fontSize="body-s">
                {key}, SHA-256 {sha256}
              </Box>
            </div>
          ))}
        </SpaceBetween>
      )}
    </SpaceBetween>
  );
}
