import DatePicker from '@cloudscape-design/components/date-picker';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import { useState } from 'react';
import { beginOf, dayBefore, dayOf, endOf } from './days.ts';

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

/** Problems that keep the query from being sent, shown below their fields; empty: none. */
export function unfit(query: string): Readonly<{ account?: string; to?: string }> {
  const filter = new URLSearchParams(query);
  const [account, from, to] = [filter.get('account'), filter.get('from'), filter.get('to')];
  return {
    ...(account === null || /^\d{12}$/.test(account) ? {} : { account: 'Twelve digits' }),
    ...(from === null || to === null || Date.parse(from) < Date.parse(to) ? {} : { to: 'Not before the first day' }),
  };
}

interface FilterProps {
  /** The query string in the address. */
  readonly query: string;
  onChange(query: string): void;
}

/** The filter fields above the list of all requests. */
export function Filter({ query, onChange }: FilterProps) {
  const filter = new URLSearchParams(query);
  const problems = unfit(query);
  function change(values: Readonly<Record<string, string | undefined>>): void {
    const changed = new URLSearchParams(query);
    for (const [name, value = ''] of Object.entries(values))
      if (value === '') changed.delete(name);
      else changed.set(name, value);
    onChange(changed.toString());
  }
  const glass = ['breakGlass', 'reviewed'].flatMap((name) => (filter.has(name) ? [`${name}=${filter.get(name)}`] : []));
  const field = (name: string, label: string, placeholder: string, errorText?: string) => (
    <FormField label={label} errorText={errorText}>
      <Input
        type="search"
        value={filter.get(name) ?? ''}
        placeholder={placeholder}
        onChange={({ detail }) => change({ [name]: detail.value })}
        data-testid={`filter-${name}`}
      />
    </FormField>
  );
  const state = filter.get('state') ?? '';
  return (
    <div className="filter">
      {field('text', 'Contains', 'Reason, ticket, name')}
      {field('person', 'Person', 'User name or e-mail, in full')}
      {field('account', 'Account', 'Number', problems.account)}
      {field('set', 'Permission set', 'Name')}
      <FormField label="State">
        <Select
          selectedOption={STATES.find(({ value }) => value === state) ?? { value: state, label: state }}
          options={STATES}
          onChange={({ detail }) => change({ state: detail.selectedOption.value })}
        />
      </FormField>
      <FormField label="Break glass">
        <Select
          selectedOption={GLASS.find(({ value }) => value === glass.join('&')) ?? null}
          options={GLASS}
          onChange={({ detail }) =>
            change({
              breakGlass: undefined,
              reviewed: undefined,
              ...Object.fromEntries(new URLSearchParams(detail.selectedOption.value)),
            })
          }
        />
      </FormField>
      <FormField label="Asked from">
        <Day
          value={dayOf(filter.get('from'))}
          onChange={(day) => change({ from: beginOf(day) })}
          testId="filter-from"
        />
      </FormField>
      <FormField label="Asked until" errorText={problems.to}>
        <Day value={dayBefore(filter.get('to'))} onChange={(day) => change({ to: endOf(day) })} testId="filter-to" />
      </FormField>
    </div>
  );
}

interface DayProps {
  /** `2026-01-05`, or empty. */
  readonly value: string;
  readonly testId: string;
  onChange(day: string): void;
}

/** A date field. A date that is not fully typed stays in this component until it is complete. */
function Day({ value, testId, onChange }: DayProps) {
  const [typed, setTyped] = useState<string>();
  return (
    <DatePicker
      value={typed ?? value}
      placeholder="YYYY/MM/DD"
      openCalendarAriaLabel={() => 'Choose a day'}
      onChange={({ detail }) => {
        const isWhole = detail.value === '' || (detail.value.length === 10 && beginOf(detail.value) !== undefined);
        setTyped(isWhole ? undefined : detail.value);
        if (isWhole) onChange(detail.value);
      }}
      data-testid={testId}
    />
  );
}
