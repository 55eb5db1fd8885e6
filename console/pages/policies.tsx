import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useCallback, useMemo, useState } from 'react';
import type { PoliciesView } from '../api/answers.ts';
import { sentenceOf } from '../api/client.ts';
import { Decision } from '../parts/asking/decision.tsx';
import { usePreview } from '../parts/asking/use-preview.ts';
import { useLoaded, usePageContext } from '../parts/context.ts';
import { Proposals } from '../parts/policies/proposals.tsx';
import { ReachOfPerson } from '../parts/reach/reach-of-person.tsx';
import { Status } from '../parts/status.tsx';

/** The policies as they are written, and previews of what they decide for a given person. */
export function PoliciesPage({ mayPropose }: { readonly mayPropose: boolean }) {
  const { api } = usePageContext();
  const load = useCallback(() => api.get<PoliciesView>('/policies'), [api]);
  const { value, error, refresh } = useLoaded(load, 30_000);
  return (
    <ContentLayout header={<Header variant="h1">Policies</Header>}>
      <SpaceBetween size="l">
        <WhatIf />
        {mayPropose && <Proposals onChanged={() => void refresh()} />}
        <ReachOfPerson />
        {error !== undefined && <Alert type="error">{sentenceOf(error)}</Alert>}
        <Container header={<Header variant="h2">As they are</Header>}>
          {value?.policies.length === 0 && <Box color="text-body-secondary">There are none.</Box>}
          {value?.policies.map((policy) => (
            <Policy key={policy.name} policy={policy} />
          ))}
        </Container>
      </SpaceBetween>
    </ContentLayout>
  );
}

function Policy({ policy: { name, problems, record } }: { readonly policy: PoliciesView['policies'][number] }) {
  const { description, effect } = record;
  return (
    <ExpandableSection
      headerText={name}
      headerDescription={typeof description === 'string' ? description : String(effect ?? '')}
      defaultExpanded={problems.length > 0}
    >
      <SpaceBetween size="s">
        {problems.map((problem) => (
          <Status key={problem} type="error">
            {problem}
          </Status>
        ))}
        <KeyValuePairs
          columns={3}
          minColumnWidth={180}
          items={Object.entries(record).map(([label, value]) => ({ label, value: written(value) }))}
        />
      </SpaceBetween>
    </ExpandableSection>
  );
}

/** A field of a policy as readable text. */
function written(value: unknown): string {
  if (Array.isArray(value)) return value.map(written).join(', ');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([name, one]) => `${name}: ${written(one)}`)
    .join('; ');
}

/** Previews a request of any person. Nothing is requested by it. */
function WhatIf() {
  const [person, setPerson] = useState('');
  const [accountId, setAccount] = useState('');
  const [permissionSet, setSet] = useState('');
  const [duration, setDuration] = useState('1h');
  const asked = useMemo(
    () =>
      person.trim() === '' || !/^\d{12}$/.test(accountId) || permissionSet.trim() === '' || duration.trim() === ''
        ? undefined
        : { userId: person.trim(), accountId, permissionSet: permissionSet.trim(), duration: duration.trim() },
    [person, accountId, permissionSet, duration],
  );
  const { preview, error } = usePreview(asked, '/all/evaluations');
  const field = (label: string, placeholder: string, value: string, set: (value: string) => void) => (
    <FormField label={label}>
      <Input
        value={value}
        placeholder={placeholder}
        onChange={({ detail }) => set(detail.value)}
        data-testid={`what-if-${label}`}
      />
    </FormField>
  );
  return (
    <Container header={<Header variant="h2">What if</Header>}>
      <SpaceBetween size="m">
        <div className="fields">
          {field('Person', 'ana@example.com', person, setPerson)}
          {field('Account', '12 digits', accountId, setAccount)}
          {field('Permission set', 'AdministratorAccess', permissionSet, setSet)}
          {field('For', '1h', duration, setDuration)}
        </div>
        <div aria-live="polite" data-testid="what-if">
          {asked === undefined ? (
            <Box color="text-body-secondary">Who asks for what? Nothing is asked for by this.</Box>
          ) : (
            <Decision preview={preview} error={error} who="They" />
          )}
        </div>
      </SpaceBetween>
    </Container>
  );
}
