import { reachable, START_AT, STATES, stateNamed, TASKS, type Way, waysOut } from './workflow-file.ts';

/**
 * What the grant may answer while the request holds no lease: it waits, or it was decided otherwise. That these answers are only
 * given then is what the tests of the grant hold.
 */
const NO_LEASE = ['approval', 'start', 'tell', 'over'];
const holdsNone = (state: string, { by }: Way) =>
  state === 'What next?' && NO_LEASE.some((answer) => by === `{% $next = '${answer}' %}`);

const isEnd = (name: string) => ['Succeed', 'Fail'].includes(stateNamed(name).Type) || stateNamed(name).End === true;

/** Everything that can happen after a lease may have been taken and before the revoke. */
const mayHold = reachable('Grant access', (state, way) => state !== 'Revoke access' && !holdsNone(state, way));

describe('every way out of the grant', () => {
  it('leads to the revoke: no end can be reached without it', () => {
    expect([...mayHold].filter(isEnd)).toEqual([]);
    expect(mayHold).toContain('Revoke access');
  });

  it('leads to the revoke by errors too, from every task on the way', () => {
    const onTheWay = TASKS.filter(([name]) => mayHold.has(name) && name !== 'Revoke access');
    expect(onTheWay.length).toBeGreaterThanOrEqual(6);
    for (const [name, { Catch = [] }] of onTheWay) {
      expect({ name, last: Catch.at(-1)?.ErrorEquals }).toEqual({ name, last: ['States.ALL'] });
    }
  });

  it('is taken when the grant itself fails, because a grant that failed may have happened', () => {
    expect(stateNamed('Grant access').Catch).toEqual([
      { ErrorEquals: ['States.ALL'], Next: 'Revoke access', Assign: expect.anything() },
    ]);
  });

  it('takes along what was caught, from whichever of the two asks Identity Center, and nothing from a clean-up', () => {
    for (const name of ['Grant access', 'Check assignment'])
      expect(stateNamed(name).Catch?.at(-1)).toMatchObject({
        Assign: { caughtError: '{% $states.errorOutput.Error %}', caughtCause: expect.stringContaining('$exists') },
      });
    const begun = (stateNamed('Begin').Choices ?? []).filter(({ Next }) => Next !== 'No request');
    expect(begun.length).toBeGreaterThan(1);
    for (const { Assign } of begun) expect(Assign).toMatchObject({ caughtError: "{% '' %}", caughtCause: "{% '' %}" });
  });

  it('is taken for any answer that nobody knows', () => {
    for (const name of ['What next?', 'Made?']) expect(stateNamed(name).Default).toBe('Revoke access');
  });

  it('can be taken from each of these states, whatever the others do', () => {
    for (const name of mayHold) expect(reachable(name)).toContain('Revoke access');
  });

  it('waits for no longer than the second of the end, or than a function said', () => {
    const waits = [...mayHold]
      .map((name) => [name, stateNamed(name)] as const)
      .filter(([, { Type }]) => Type === 'Wait');
    expect(waits.map(([name, { Seconds, Timestamp }]) => [name, Seconds ?? Timestamp])).toEqual([
      ['Wait for assignment', '{% $waitSeconds %}'],
      ['Wait for the end', '{% $fromMillis($ceil($toMillis($endsAt) / 1000) * 1000) %}'],
    ]);
  });
});

describe('a request that holds nothing', () => {
  it('waits for approvers or its start only to come back to the grant', () => {
    for (const [waiting, allowed] of [
      ['Ask for approval', ['Ask for approval', 'Wait to ask again', 'Remind approvers', 'Grant access']],
      ['Wait for start', ['Wait for start', 'Grant access']],
    ] as const) {
      expect(reachable(waiting, (state) => state !== 'Grant access')).toEqual(new Set(allowed));
    }
  });

  it('is told and then done', () => {
    expect(reachable('Announce decision')).toEqual(new Set(['Announce decision', 'Done']));
  });
});

describe('after the revoke', () => {
  const afterwards = reachable('Revoke access');

  it('nothing can be granted any more', () => {
    for (const name of ['Grant access', 'Check assignment', 'Announce access', 'Hold access']) {
      expect(afterwards).not.toContain(name);
    }
  });

  it('the end is announced only when Identity Center has said that it is gone', () => {
    const into = [...STATES].flatMap(([name, state]) =>
      waysOut(state)
        .filter(({ to }) => to === 'Announce end')
        .map(({ by }) => `${name}: ${by}`),
    );
    expect(into).toEqual(["Removed?: {% $next = 'done' %}", 'Sessions cut?: default']);
    // Whoever comes to cut has been told by the revoke that the assignment is gone.
    const cutting = [...STATES].flatMap(([name, state]) => waysOut(state).map(({ to, by }) => ({ to, by, name })));
    expect(cutting.filter(({ to }) => to === 'Cut live sessions').map(({ name, by }) => `${name}: ${by}`)).toEqual([
      "Removed?: {% $next = 'cut' %}",
    ]);
    expect(cutting.filter(({ to }) => to === 'Sessions cut?').map(({ name }) => name)).toEqual(['Cut live sessions']);
  });

  it('a removal that goes on is waited for, whatever the answer was called', () => {
    expect(stateNamed('Removed?').Default).toBe('Wait for removal');
    expect(reachable('Wait for removal')).toContain('Check removal');
  });
});

describe('access is announced as given', () => {
  it('only on the answer that says so', () => {
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
    // What can be the id of no request would be tried for ever.
    expect(nameless).toMatchObject({ Condition: expect.stringContaining('$length'), Next: 'No request' });
    expect(first).toMatchObject({ Condition: '{% $states.input.cleanup = true %}', Next: 'Revoke access' });
  });
});
