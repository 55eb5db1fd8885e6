import FormField from '@cloudscape-design/components/form-field';
import Select, { type SelectProps } from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useEffect, useState } from 'react';
import { usePageContext } from '../context.ts';
import type { WantedTarget } from '../route.ts';
import { type Offered, useTargets } from './use-targets.ts';

/**
 * Selects the target: an account and a permission set in it, or a group. Accounts and groups are searched as the person
 * types.
 */
export function PickTarget({
  wanted,
  onChange,
}: {
  readonly wanted: WantedTarget;
  onChange(wanted: WantedTarget): void;
}) {
  const { api } = usePageContext();
  const [targets, search] = useTargets();
  const [sets, setSets] = useState<Offered<readonly { readonly name: string; readonly arn: string }[]>>({
    status: 'finished',
    items: [],
  });
  const { accountId } = wanted;
  useEffect(() => {
    if (accountId === undefined) return;
    let isOver = false;
    setSets({ status: 'loading', items: [] });
    api.get<{ permissionSets: typeof sets.items }>(`/targets/${accountId}`).then(
      ({ permissionSets }) => {
        if (!isOver) setSets({ status: 'finished', items: permissionSets });
      },
      () => {
        if (!isOver) setSets({ status: 'error', items: [] });
      },
    );
    return () => {
      isOver = true;
    };
  }, [api, accountId]);

  const { accounts, groups } = targets.items;
  const where: SelectProps.OptionGroup[] = [
    {
      label: 'Accounts',
      options: accounts.map(({ id, name }) => ({ value: `account ${id}`, label: name, description: id })),
    },
    { label: 'Groups', options: groups.map(({ id, name }) => ({ value: `group ${id}`, label: name })) },
  ].filter(({ options }) => options.length > 0);

  function choose({ value = '', label }: SelectProps.Option): void {
    const [kind, id = ''] = value.split(' ');
    const name = label === undefined ? {} : kind === 'group' ? { groupName: label } : { accountName: label };
    onChange(kind === 'group' ? { groupId: id, ...name } : { accountId: id, ...name });
  }

  return (
    <SpaceBetween size="l">
      <FormField label="Account or group">
        <Select
          selectedOption={chosen(wanted)}
          options={where}
          filteringType="manual"
          filteringPlaceholder="Name or number"
          filteringAriaLabel="Search accounts and groups"
          placeholder="Choose an account or a group"
          statusType={targets.status}
          loadingText="Searching"
          errorText="They could not be read."
          empty="Nothing you may ask for has this name."
          onLoadItems={({ detail }) => void search(detail.filteringText)}
          onChange={({ detail }) => choose(detail.selectedOption)}
          data-testid="account"
        />
      </FormField>
      {accountId !== undefined && (
        <FormField label="Permission set">
          <Select
            selectedOption={
              wanted.permissionSet === undefined ? null : { value: wanted.permissionSet, label: wanted.permissionSet }
            }
            options={sets.items.map(({ name }) => ({ value: name, label: name }))}
            {...(sets.items.length > 8 ? { filteringType: 'auto' as const } : {})}
            placeholder="Choose a permission set"
            statusType={sets.status}
            loadingText="Looking at what you may have there"
            errorText="They could not be read."
            empty="There is nothing you may ask for in this account."
            onChange={({ detail }) => {
              const { value } = detail.selectedOption;
              onChange({ ...wanted, ...(value === undefined ? {} : { permissionSet: value }) });
            }}
            data-testid="permission-set"
          />
        </FormField>
      )}
    </SpaceBetween>
  );
}

function chosen({ accountId, accountName, groupId, groupName }: WantedTarget): SelectProps.Option | null {
  if (groupId !== undefined) return { value: `group ${groupId}`, label: groupName ?? groupId };
  if (accountId === undefined) return null;
  return {
    value: `account ${accountId}`,
    label: accountName ?? accountId,
    ...(accountName === undefined ? {} : { description: accountId }),
  };
}
