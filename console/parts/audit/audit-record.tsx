import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useCallback, useState } from 'react';
import type { RequestDetail } from '../../../lambdas/api/document/schemas.ts';
import type { AuditRecordView } from '../../../lambdas/api/document/schemas-of-one.ts';
import { sentenceOf } from '../../api/client.ts';
import { useLoaded, usePageContext } from '../context.ts';
import { Status } from '../status.tsx';

/** The audit record of a request, for auditors and operators. It is fetched only when the section is expanded. */
export function AuditRecord({ request }: { readonly request: RequestDetail }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <ExpandableSection
      variant="container"
      headerText="Audit record"
      headerDescription="Every event as the archive has it, and the run of the workflow"
      expanded={isOpen}
      onChange={({ detail }) => setOpen(detail.expanded)}
      data-testid="audit-record"
    >
      {isOpen && <Recorded key={request.history.length} id={request.id} />}
    </ExpandableSection>
  );
}

/** The record changes only when the request's history does, which remounts it, so polling is rare; milliseconds. */
const EVERY_MS = 10 * 60_000;

function Recorded({ id }: { readonly id: string }) {
  const { api } = usePageContext();
  const load = useCallback(() => api.get<AuditRecordView>(`/requests/${id}/audit`), [api, id]);
  const { value, error } = useLoaded(load, EVERY_MS);
  if (value === undefined)
    return error === undefined ? (
      <Status type="loading">Reading</Status>
    ) : (
      <Alert type="error">{sentenceOf(error)}</Alert>
    );
  const { execution, events } = value;
  const account = execution?.arn.split(':')[4];
  return (
    <SpaceBetween size="m">
      {execution === null ? (
        <Box color="text-body-secondary">It was refused as it was asked: no workflow was begun for it.</Box>
      ) : (
        <Box>
          <Link href={execution.address} external externalIconAriaLabel="Opens in a new tab" data-testid="execution">
            The run of the workflow in Step Functions
          </Link>
          <Box color="text-body-secondary">
            For people who are signed in to the AWS account {account}. It is kept for 90 days after its end.
          </Box>
        </Box>
      )}
      {events.map(({ event, key }) => (
        <ExpandableSection key={key} variant="inline" headerText={`${event.at}: ${event.type}`}>
          <Box color="text-body-secondary">
            In the archive: <span className="reason">{key}</span>
          </Box>
          <pre className="reason">{JSON.stringify(event, null, 2)}</pre>
        </ExpandableSection>
      ))}
    </SpaceBetween>
  );
}
