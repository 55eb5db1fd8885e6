import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type FormEvent, useState } from 'react';
import type { AccountReach } from '../../../lambdas/api/document/schemas-of-reach.ts';
import { sentenceOf } from '../../api/client.ts';
import { useAction, usePageContext } from '../context.ts';
import { WayTo } from './way.tsx';

/** The people who could get access to an account without a second person's approval. */
export function AloneInAccount() {
  const { api } = usePageContext();
  const { busy, error, run } = useAction();
  const [account, setAccount] = useState('');
  const [pages, setPages] = useState<readonly AccountReach[]>([]);
  const accountId = account.trim();
  const isAccount = /^\d{12}$/.test(accountId);
  const last = pages.at(-1);

  const look = () =>
    run(async () => {
      setPages([]);
      setPages([await api.get<AccountReach>(`/all/reach/${accountId}`)]);
    });
  const more = () =>
    run(async () => {
      if (last === undefined || last.nextCursor === null) return;
      const cursor = new URLSearchParams({ cursor: last.nextCursor });
      const page = await api.get<AccountReach>(`/all/reach/${last.accountId}?${cursor}`);
      setPages([...pages, page]);
    });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isAccount && !busy) void look();
  };

  return (
    <ExpandableSection
      variant="container"
      headerText="Who could reach this account alone"
      headerDescription="With nobody else, or by breaking the glass."
      data-testid="alone"
    >
      <SpaceBetween size="m">
        <form onSubmit={submit}>
          <SpaceBetween size="s">
            <div className="fields">
              <FormField label="Account number" errorText={accountId === '' || isAccount ? undefined : 'Twelve digits'}>
                <Input
                  value={account}
                  placeholder="12 digits"
                  onChange={({ detail }) => setAccount(detail.value)}
                  data-testid="alone-account"
                />
              </FormField>
            </div>
            <Button disabled={!isAccount} loading={busy} data-testid="alone-look">
              Show who
            </Button>
          </SpaceBetween>
        </form>
        {error !== undefined && <Alert type="error">{sentenceOf(error)}</Alert>}
        {last !== undefined && <Alone pages={pages} last={last} />}
        {last !== undefined && last.nextCursor !== null && (
          <Button loading={busy} onClick={() => void more()} data-testid="alone-more">
            Look at more people
          </Button>
        )}
      </SpaceBetween>
    </ExpandableSection>
  );
}

interface AloneProps {
  readonly pages: readonly AccountReach[];
  readonly last: AccountReach;
}

function Alone({ pages, last }: AloneProps) {
  const judged = pages.reduce((sum, page) => sum + page.judged, 0);
  const lines = pages.flatMap((page) => [
    ...(page.everyone.length === 0
      ? []
      : [{ id: '', name: 'Everybody in the directory', page, reached: page.everyone }]),
    ...page.people.map(({ userId, displayName, userName, reached }) => ({
      id: userId,
      name: displayName === userName ? userName : `${displayName} (${userName})`,
      page,
      reached,
    })),
  ]);
  return (
    <SpaceBetween size="s">
      <Box data-testid="alone-summary">
        {lines.length === 0 ? 'Nobody' : `${lines.length} of those looked at`} could, in {last.accountName}.{' '}
        {judged < last.named
          ? `${judged} of ${last.named} people whom policies and records name were looked at.`
          : `All ${last.named} people whom policies and records name were looked at.`}
      </Box>
      <ul className="alone" aria-label="Who could">
        {lines.map(({ id, name, page, reached }) => (
          <li key={id}>
            <Box variant="strong">{name}</Box>
            {reached.map(({ set, way }) => {
              const found = page.ways[way];
              return (
                found !== undefined && (
                  <div key={set}>
                    {page.permissionSets[set]?.name}: <WayTo way={found} />
                  </div>
                )
              );
            })}
          </li>
        ))}
      </ul>
    </SpaceBetween>
  );
}
