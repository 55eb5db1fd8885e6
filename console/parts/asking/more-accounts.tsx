import FormField from '@cloudscape-design/components/form-field';
import Multiselect from '@cloudscape-design/components/multiselect';
import type { WantedTarget } from '../route.ts';
import { useTargets } from './use-targets.ts';

/** One account by id and name. */
export type AccountChoice = Required<Pick<WantedTarget, 'accountId' | 'accountName'>>;

/**
 * The largest number of accounts in one shared ask; the command line has the same limit. Nobody plausibly needs more at
 * once.
 */
const MOST_ACCOUNTS = 20;

interface MoreAccountsProps {
  readonly first: string;
  readonly others: readonly AccountChoice[];
  onChange(others: readonly AccountChoice[]): void;
}

/** Selects more accounts for the same permission set. @param first the account that is selected already */
export function MoreAccounts({ first, others, onChange }: MoreAccountsProps) {
  const [targets, search] = useTargets();
  const isFull = others.length >= MOST_ACCOUNTS - 1;
  const chosen = new Set(others.map(({ accountId }) => accountId));
  return (
    <FormField
      label={
        <span>
          The same in more accounts<i> - optional</i>
        </span>
      }
      constraintText={
        isFull
          ? `At most ${MOST_ACCOUNTS} accounts are asked for at once.`
          : others.length > 0
            ? 'Each is a request of its own; the approvers see them together.'
            : undefined
      }
    >
      <Multiselect
        selectedOptions={others.map(({ accountId, accountName }) => ({ value: accountId, label: accountName }))}
        options={targets.items.accounts
          .filter(({ id }) => id !== first)
          .map(({ id, name }) => ({
            value: id,
            label: name,
            description: id,
            disabled: isFull && !chosen.has(id),
          }))}
        filteringType="manual"
        filteringPlaceholder="Name or number"
        filteringAriaLabel="Search accounts"
        placeholder="Choose accounts"
        statusType={targets.status}
        loadingText="Searching"
        errorText="They could not be read."
        empty="No other account that you may ask for has this name."
        deselectAriaLabel={({ label }) => `Without ${label}`}
        onLoadItems={({ detail }) => void search(detail.filteringText)}
        onChange={({ detail }) =>
          onChange(
            detail.selectedOptions.map(({ value = '', label = value }) => ({ accountId: value, accountName: label })),
          )
        }
        data-testid="more-accounts"
      />
    </FormField>
  );
}
