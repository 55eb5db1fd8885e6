import { CallCounter, closesConnection, FaultPlan, InvalidFaultError } from '../../sandbox/faults.ts';

const GRANT = 'sso-admin:CreateAccountAssignment';

describe('planned faults', () => {
  let now: number;
  let plan: FaultPlan;

  beforeEach(() => {
    now = Date.parse('2026-01-05T09:00:00Z');
    plan = new FaultPlan({ clock: { nowMs: () => now }, operations: ['slack:chat.postMessage'] });
    plan.know([GRANT, 'lambda:grant-access'], [GRANT]);
  });

  test('a fault hits its operation as often as planned, once by default, and no other operation', () => {
    plan.add({ operation: GRANT, error: 'ConflictException' });
    plan.add({ operation: 'slack:chat.postMessage', error: 'ratelimited', times: 2 });
    expect(plan.take('lambda:grant-access')).toBeUndefined();
    expect(plan.take(GRANT)).toMatchObject({ error: 'ConflictException', when: 'before' });
    expect(plan.take(GRANT)).toBeUndefined();
    expect([1, 2, 3].map(() => plan.take('slack:chat.postMessage')?.error)).toEqual([
      'ratelimited',
      'ratelimited',
      undefined,
    ]);
  });

  test('several faults of one operation come in the order they were planned', () => {
    plan.add({ operation: GRANT, error: 'First', times: 2 });
    plan.add({ operation: GRANT, error: 'Second' });
    expect([1, 2, 3].map(() => plan.take(GRANT)?.error)).toEqual(['First', 'First', 'Second']);
  });

  test.each([-1, 'forever'] as const)('times %s lasts until it is cleared', (times) => {
    plan.add({ operation: GRANT, error: 'ServiceUnavailable', times });
    for (let call = 0; call < 100; call += 1) expect(plan.take(GRANT)).toBeDefined();
    plan.clear();
    expect(plan.take(GRANT)).toBeUndefined();
  });

  test('a fault with a time window hits only within it, and calls outside do not use it up', () => {
    const window = { from: '2026-01-05T09:10:00Z', until: '2026-01-05T09:20:00Z' };
    plan.add({ operation: GRANT, error: 'InternalServerException', times: 'forever', ...window });
    const outcomes = [0, 10, 19, 20].map((minutes) => {
      now = Date.parse('2026-01-05T09:00:00Z') + minutes * 60_000;
      return plan.take(GRANT)?.error;
    });
    expect(outcomes).toEqual([undefined, 'InternalServerException', 'InternalServerException', undefined]);
  });

  test('the remaining faults can be listed, and changing the list changes no plan', () => {
    plan.add({ operation: GRANT, error: 'ConflictException', times: 2, when: 'after' });
    plan.take(GRANT);
    expect(plan.list()).toEqual([{ operation: GRANT, error: 'ConflictException', times: 1, when: 'after' }]);
    (plan.list() as unknown[]).length = 0;
    expect(plan.list()).toHaveLength(1);
  });

  test('a misspelt operation is refused with a suggestion', () => {
    expect(() => plan.add({ operation: 'sso-admin:CreateAcountAssignment', error: 'X' })).toThrow(
      `operation: there is no sso-admin:CreateAcountAssignment; did you mean ${GRANT}?`,
    );
    expect(() => plan.add({ operation: 'kms:x', error: 'X' })).toThrow(/^operation: there is no kms:x$/);
  });

  test.each([
    ['no effect', { operation: GRANT }, /needs error, delayMs or asyncFailure/],
    ['a time without an error', { operation: GRANT, delayMs: 5, when: 'after' }, /when need an error/],
    ['zero times', { operation: GRANT, error: 'X', times: 0 }, /^times/],
    ['a wrong moment', { operation: GRANT, error: 'X', when: 'during' }, /^when/],
    [
      'a window that ends before it begins',
      { operation: GRANT, error: 'X', from: '2026-01-02T00:00:00Z', until: '2026-01-01T00:00:00Z' },
      /before/,
    ],
    ['a malformed instant', { operation: GRANT, error: 'X', from: 'noon' }, /^from/],
    ['no operation', { error: 'X' }, /^operation/],
    ['a sentence for an error', { operation: GRANT, error: 'went wrong' }, /error name/],
    [
      'an asynchronous failure of an operation that starts nothing',
      { operation: 'lambda:grant-access', asyncFailure: 'x' },
      /starts nothing/,
    ],
    ['not an object', 'fail', /object/],
  ])('%s is refused', (_what, input: unknown, message) => {
    expect(() => plan.add(input)).toThrow(InvalidFaultError);
    expect(() => plan.add(input)).toThrow(message);
    expect(plan.list()).toEqual([]);
  });

  test('an unknown key is ignored, and the answer shows the planned fault', () => {
    expect(plan.add({ operation: GRANT, error: 'X', count: 2 })).toEqual({
      ...{ operation: GRANT, error: 'X', times: 1, when: 'before' },
    });
  });

  test('only Timeout and ConnectionReset close the connection', () => {
    expect(
      ['Timeout', 'ConnectionReset', 'Crash', undefined].map((error) => closesConnection(error ? { error } : {})),
    ).toEqual([true, true, false, false]);
  });
});

describe('the count of calls', () => {
  test('is sorted by operation, and starts again after a reset', () => {
    const calls = new CallCounter();
    for (const operation of ['b:Y', 'a:X', 'b:Y']) calls.count(operation);
    expect(Object.entries(calls.snapshot())).toEqual([
      ['a:X', 1],
      ['b:Y', 2],
    ]);
    calls.reset();
    expect(calls.snapshot()).toEqual({});
  });
});
