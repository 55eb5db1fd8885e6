import { soFarMessage } from '../../../slack/views/reporting/so-far-message.ts';
import { aCall } from '../../core/activity/records.ts';
import { reportOf } from '../../core/activity/stored-reports.ts';
import { aRequest } from '../a-request.ts';
import { breaches } from '../slack-limits.ts';

test('calls with very long names are cut to the limits of Slack, with the number of those left out', () => {
  const name = '<&>'.repeat(60);
  const calls = Array.from({ length: 20 }, (_, at) =>
    aCall(`ec2:DeleteThing${at}`, {
      resources: Array.from({ length: 3 }, (_one, nth) => ({ ARN: `${nth}${name}${at}` })),
    }),
  );
  const message = soFarMessage(aRequest({ state: 'active' }), reportOf(calls));
  const text = JSON.stringify(message.blocks);
  const shown = text.match(/ec2:DeleteThing/g)?.length ?? 0;
  expect(shown).toBeGreaterThan(2);
  expect(text).toContain(`… and ${20 - shown} more kinds of calls`);
  expect(breaches(message)).toEqual([]);
});
