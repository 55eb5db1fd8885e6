import { listenToStdout } from '../../stdout.ts';
import { createApi, pending, WANTED } from '../calling.ts';

listenToStdout();

describe('the audit record of a request', () => {
  it('has every event as it is in the archive, with its key, and the ARN of the workflow execution', async () => {
    const { call, id } = await pending();
    const { statusCode, json } = await call(`GET requests/${id}/audit`, { as: 'uma' });
    expect(statusCode).toBe(200);
    expect(json.events).toMatchObject([
      { event: { version: 1, id: `${id}#0`, type: 'requested', by: 'user-ben', requestId: id } },
      { event: { id: `${id}#1`, type: 'pending' } },
    ]);
    for (const { key } of json.events) expect(key).toMatch(new RegExp(`^events/day=2026-01-05/[0-9TZ]+-${id}\\.`));
    expect(json.execution.arn).toMatch(new RegExp(`:execution:glasshammer:${id}$`));
    // No task token, with which a caller could resume the workflow, and no e-mail address.
    expect(JSON.stringify(json)).not.toMatch(/token|@example.com","slackIds|email/i);
  });

  it('of a request that was refused at once names no execution; and only auditors and operators can read it', async () => {
    const { call } = createApi();
    const { json } = await call('POST requests', { as: 'ben', body: { ...WANTED, duration: 'PT300H' } });
    const { id } = json.request;
    const record = (as: string) => call(`GET requests/${id}/audit`, { as });
    expect((await record('olga')).json).toMatchObject({
      execution: null,
      events: [{}, { event: { type: 'refused' } }],
    });
    expect((await record('ben')).json.reason).toBe('not-auditor');
    const never = await call(`GET requests/req-${'0'.repeat(30)}/audit`, { as: 'uma' });
    expect(never.json.reason).toBe('unknown-request');
  });
});
