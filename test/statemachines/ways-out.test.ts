import { reachable, START_AT, STATES, stateNamed, TASKS, type Way, waysOut } from './workflow-file.ts';

/**
 * The answers of the grant that it gives only while the request has no lease: the request waits or was not approved.
 * The tests of the grant check that it gives them only then.
 */
const NO_LEASE = ['approval', 'start', 'tell', 'over'];
const holdsNone = (state: string, { by }: Way) =>
  state === 'What next?' && NO_LEASE.some((answer) => by === `{% $next = '${answer}' %}`);

const isEnd = (name: string) => ['Succeed', 'Fail'].includes(stateNamed(name).Type) || stateNamed(name).End === true;

/** Every state that can follow after a lease may have been written and before the revoke. */
const mayHold = reachable('Grant access', (state, way) => state !== 'Revoke access' && !holdsNone(state, way));

describe('every way out of the grant', () => {
  it('leads to the revoke: the workflow cannot end without it', () => {
    expect([...mayHold].filter(isEnd)).toEqual([]);
    expect(mayHold).toContain('Revoke access');
  });

  it('leads to the revoke also after any error of a task on the way', () => {
    const onTheWay = TASKS.filter(([name]) => mayHold.has(name) && name !== 'Revoke access');
    expect(onTheWay.length).toBeGreaterThanOrEqual(6);
    for (const [name, { Catch = [] }] of onTheWay) {
      expect({ name, last: Catch.at(-1)?.ErrorEquals }).toEqual({ name, last: ['States.ALL'] });
    }
  });

  it('is taken when the grant itself fails, because its assignment may have been created', () => {
    expect(stateNamed('Grant access').Catch).toEqual([
      { ErrorEquals: ['States.ALL'], Next: 'Revoke access', Assign: expect.anything() },
    ]);
  });

  it('passes on the caught error of the grant or of its check, and an empty one in a clean-up', () => {
    for (const name of ['Grant access', 'Check assignment'])
      expect(stateNamed(name).Catch?.at(-1)).toMatchObject({
        Assign: { caughtError: '{% $states.errorOutput.Error %}', caughtCause: expect.stringContaining('$exists') },
      });
    const begun = (stateNamed('Begin').Choices ?? []).filter(({ Next }) => Next !== 'No request');
    expect(begun.length).toBeGreaterThan(1);
    for (const { Assign } of begun) expect(Assign).toMatchObject({ caughtError: "{% '' %}", caughtCause: "{% '' %}" });
  });

  it('is taken for an unknown answer', () => {
    for (const name of ['What next?', 'Made?']) expect(stateNamed(name).Default).toBe('Revoke access');
  });

  it('can be reached from each of these states', () => {
    for (const name of mayHold) expect(reachable(name)).toContain('Revoke access');
  });

  it('waits at most until the second of the end, or as long as a function said', () => {
    const waits = [...mayHold]
      .map((name) => [name, stateNamed(name)] as const)
      .filter(([, { Type }]) => Type === 'Wait');
    expect(waits.map(([name, { Seconds, Timestamp }]) => [name, Seconds ?? Timestamp])).toEqual([
      ['Wait for assignment', '{% $waitSeconds %}'],
      ['Wait for the end', '{% $fromMillis($ceil($toMillis($endsAt) / 1000) * 1000) %}'],
    ]);
  });
});

describe('a request without a lease', () => {
  it('goes back to the grant after waiting for approval or for its start', () => {
    for (const [waiting, allowed] of [
      ['Ask for approval', ['Ask for approval', 'Wait to ask again', 'Remind approvers', 'Grant access']],
      ['Wait for start', ['Wait for start', 'Grant access']],
    ] as const) {
      expect(reachable(waiting, (state) => state !== 'Grant access')).toEqual(new Set(allowed));
    }
  });

  it('ends after its decision is announced', () => {
    expect(reachable('Announce decision')).toEqual(new Set(['Announce decision', 'Done']));
  });
});

describe('after the revoke', () => {
  const afterwards = reachable('Revoke access');

  it('no state that grants can be reached', () => {
    for (const name of ['Grant access', 'Check assignment', 'Announce access', 'Hold access']) {
      expect(afterwards).not.toContain(name);
    }
  });

  it('the end is announced only after Identity Center has confirmed the removal', () => {
    const into = [...STATES].flatMap(([name, state]) =>
      waysOut(state)
        .filter(({ to }) => to === 'Announce end')
        .map(({ by }) => `${name}: ${by}`),
    );
    expect(into).toEqual(["Removed?: {% $next = 'done' %}", 'Sessions cut?: default']);
    // The workflow cuts sessions only after the revoke has confirmed that the assignment is gone.
    const cutting = [...STATES].flatMap(([name, state]) => waysOut(state).map(({ to, by }) => ({ to, by, name })));
    expect(cutting.filter(({ to }) => to === 'Cut live sessions').map(({ name, by }) => `${name}: ${by}`)).toEqual([
      "Removed?: {% $next = 'cut' %}",
    ]);
    expect(cutting.filter(({ to }) => to === 'Sessions cut?').map(({ name }) => name)).toEqual(['Cut live sessions']);
  });

  it('an unknown answer counts as a running removal, which is waited for', () => {
    expect(stateNamed('Removed?').Default).toBe('Wait for removal');
    expect(reachable('Wait for removal')).toContain('Check removal');
  });
});

describe('access is announced as given', () => {
  it('only after an answer that says so', () => {
    const into = [...STATES].flatMap(([name, state]) =>
      waysOut(state)
        .filter(({ to }) => to === 'Announce access')
        .map(({ by }) => `${name}: ${by}`),
    );
    expect(into).toEqual([
      "What next?: {% $next = 'announce' %}",
      "Made?: {% $next = 'announce' %}",
      "Still there?: {% $next = 'announce' %}",
    ]);
  });
});

describe('a clean-up', () => {
  it('starts at the revoke', () => {
    const [nameless, first] = stateNamed(START_AT).Choices ?? [];
    // Without this check, an input that cannot be a request id would be retried for ever.
    expect(nameless).toMatchObject({ Condition: expect.stringContaining('$length'), Next: 'No request' });
    expect(first).toMatchObject({ Condition: '{% $states.input.cleanup = true %}', Next: 'Revoke access' });
  });
});
