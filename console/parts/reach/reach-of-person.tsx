import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type FormEvent, useState } from 'react';
import type { PersonReach } from '../../../lambdas/api/document/schemas-of-reach.ts';
import { sentenceOf } from '../../api/client.ts';
import { useAction, usePageContext } from '../context.ts';
import { WayTo } from './way.tsx';

interface Found {
  readonly asked: string;
  readonly pages: readonly PersonReach[];
}

/** The access a person could get: accounts by permission sets. */
export function ReachOfPerson() {
  const { api } = usePageContext();
  const { busy, error, run } = useAction();
  const [person, setPerson] = useState('');
  const [account, setAccount] = useState('');
  const [found, setFound] = useState<Found>();
  const next = found?.pages.at(-1)?.nextCursor ?? null;

  const look = () =>
    run(async () => {
      const asked = String(new URLSearchParams({ person: person.trim(), account: account.trim() }));
      setFound(undefined);
      setFound({ asked, pages: [await api.get<PersonReach>(`/all/reach?${asked}`)] });
    });
  const more = () =>
    run(async () => {
      if (found === undefined || next === null) return;
      const page = await api.get<PersonReach>(`/all/reach?${found.asked}&${new URLSearchParams({ cursor: next })}`);
      setFound({ ...found, pages: [...found.pages, page] });
    });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (person.trim() !== '' && !busy) void look();
  };

  return (
    <Container
      header={
        <Header
          variant="h2"
          description="By the policies as they are, at whatever time of the week. Freezes and locks are left aside."
        >
          Reach
        </Header>
      }
    >
      <SpaceBetween size="m">
        <form onSubmit={submit}>
          <SpaceBetween size="s">
            <div className="fields">
              <FormField label="Whose">
                <Input
                  value={person}
                  placeholder="ana@example.com"
                  onChange={({ detail }) => setPerson(detail.value)}
                  data-testid="reach-person"
                />
              </FormField>
              <FormField
                label={
                  <span>
                    Accounts<i> - optional</i>
                  </span>
                }
              >
                <Input
                  value={account}
                  placeholder="Part of a name or number"
                  onChange={({ detail }) => setAccount(detail.value)}
                  data-testid="reach-account"
                />
              </FormField>
            </div>
            <Button disabled={person.trim() === ''} loading={busy} data-testid="reach-look">
              Show what they reach
            </Button>
          </SpaceBetween>
        </form>
        {error !== undefined && <Alert type="error">{sentenceOf(error)}</Alert>}
        {found !== undefined && <Matrix pages={found.pages} />}
        {next !== null && (
          <Button loading={busy} onClick={() => void more()} data-testid="reach-more">
            Look at more accounts
          </Button>
        )}
      </SpaceBetween>
    </Container>
  );
}

/** One row per account, one column per permission set that the person can get anywhere; on narrow screens, a list. */
function Matrix({ pages }: Pick<Found, 'pages'>) {
  const [first] = pages;
  if (first === undefined) return null;
  const rows = pages.flatMap(({ accounts, ways }) =>
    accounts.map(({ accountId, accountName, reached }) => ({
      ...{ accountId, accountName },
      cells: new Map(reached.map(({ set, way }) => [set, ways[way]])),
    })),
  );
  const used = new Set(rows.flatMap(({ cells }) => [...cells.keys()]));
  const sets = first.permissionSets.map(({ name }, set) => ({ name, set })).filter(({ set }) => used.has(set));
  const empty = rows.filter(({ cells }) => cells.size === 0).length;
  const who = first.person.displayName || first.person.userName;
  const left = first.permissionSets.length - sets.length;
  return (
    <SpaceBetween size="s">
      <Box data-testid="reach-summary">
        {who} reaches something in {rows.length - empty} of {rows.length} {rows.length === 1 ? 'account' : 'accounts'}
        {sets.length > 0 && left > 0 && `; ${left} of ${first.permissionSets.length} permission sets in none of them`}.
      </Box>
      {sets.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: keyboard users must be able to scroll it
        <section className="reach" aria-label={`What ${who} reaches`} tabIndex={0}>
          <table data-testid="reach">
            <thead>
              <tr>
                <th scope="col">Account</th>
                {sets.map(({ name, set }) => (
                  <th key={set} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows
                .filter(({ cells }) => cells.size > 0)
                .map(({ accountId, accountName, cells }) => (
                  <tr key={accountId}>
                    <th scope="row">
                      {accountName}
                      <span className="below">{accountId}</span>
                    </th>
                    {sets.map(({ name, set }) => {
                      const way = cells.get(set);
                      return (
                        <td key={set} data-set={name} className={way === undefined ? 'not' : ''}>
                          {way === undefined ? 'Not' : <WayTo way={way} />}
                        </td>
                      );
                    })}
                  </tr>
                ))}
            </tbody>
          </table>
        </section>
      )}
    </SpaceBetween>
  );
}
