import DatePicker from '@cloudscape-design/components/date-picker';
import FormField from '@cloudscape-design/components/form-field';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import TimeInput from '@cloudscape-design/components/time-input';
import { useState } from 'react';
import { usePageContext } from '../context.ts';

const LATEST_MS = 30 * 86_400_000;

/** Now, or a day and a time in the person's time zone. @param onChange gets ISO 8601, or `undefined` for now */
export function PickStart({ onChange }: { onChange(startsAt: string | undefined): void }) {
  const { api } = usePageContext();
  const [isLater, setLater] = useState(false);
  const [day, setDay] = useState('');
  const [time, setTime] = useState('09:00');

  function tell(later: boolean, onDay: string, at: string): void {
    const start = new Date(`${onDay}T${at}`);
    onChange(!later || Number.isNaN(start.getTime()) ? undefined : start.toISOString());
  }

  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <SpaceBetween size="s">
      <FormField label="From when">
        <RadioGroup
          value={isLater ? 'later' : 'now'}
          items={[
            { value: 'now', label: 'Now' },
            { value: 'later', label: 'Later' },
          ]}
          onChange={({ detail }) => {
            setLater(detail.value === 'later');
            tell(detail.value === 'later', day, time);
          }}
        />
      </FormField>
      {isLater && (
        <FormField constraintText={`Within 30 days; times are of ${zone}.`} label="Day and time">
          <SpaceBetween direction="horizontal" size="xs">
            <DatePicker
              value={day}
              placeholder="YYYY/MM/DD"
              ariaLabel="Day"
              openCalendarAriaLabel={() => 'Choose a day'}
              isDateEnabled={(date) => {
                const end = date.getTime() + 86_400_000;
                return end > api.now() && date.getTime() < api.now() + LATEST_MS;
              }}
              onChange={({ detail }) => {
                setDay(detail.value);
                tell(isLater, detail.value, time);
              }}
            />
            <TimeInput
              value={time}
              format="hh:mm"
              placeholder="hh:mm"
              ariaLabel="Time"
              onChange={({ detail }) => {
                setTime(detail.value);
                tell(isLater, day, detail.value);
              }}
            />
          </SpaceBetween>
        </FormField>
      )}
    </SpaceBetween>
  );
}
