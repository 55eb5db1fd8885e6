import * as z from 'zod/mini';
import { checkCreation } from '../../core/access/lease/grant/check-creation.ts';
import { grantAccess, lookAtAccess } from '../../core/access/lease/grant/grant-access.ts';
import { checkRemoval, revokeAccess } from '../../core/access/lease/revoke/revoke-access.ts';
import { revokeStep } from '../../core/access/lease/revoke/revoke-step.ts';
import { ALL_STATES } from '../../core/model/life-cycle.ts';
import type { AccessRequest, RequestState } from '../../core/model/request.ts';
import { endSessions } from '../../core/sessions/end-sessions.ts';
import { GUARD_POLICIES } from '../../core/sessions/guard-policy.ts';
import type { BoundaryState } from '../../core/sessions/ports.ts';
import { runReportStep } from '../../lambdas/report-on-access/handle.ts';
import { taskInput } from '../../lambdas/shared/task-input.ts';
import { ANAS_ASSIGNMENT, aRequest, NOON } from '../core/access/requests.ts';
import { createWorld, type TestWorld } from '../core/access/services.ts';
import { createGuards, createLocks } from '../core/sessions/fakes.ts';
import { stateNamed, TASKS } from './workflow-file.ts';

type Answer = Readonly<Record<string, unknown>>;

/** The answer as Step Functions receives it: JSON, without undefined fields. */
const onTheWire = (answer: unknown): Answer => JSON.parse(JSON.stringify(answer)) as Answer;

/** Ana's request in this state, in worlds that differ in every fact that changes an answer. */
function worlds(state: RequestState): TestWorld[] {
  const differ: Partial<AccessRequest>[] = [
    { decidedAt: NOON, accessVersion: '1' },
    { startsAt: '2026-01-05T18:00:00.000Z', expiresAt: '2026-01-05T20:00:00.000Z' },
    { startsAt: '', endsAt: '' },
    { target: { groupId: 'group-oncall' }, decidedAt: NOON, accessVersion: '1' },
    { endingAt: NOON, endedAt: NOON, failure: 'no such account' },
    { endingAt: NOON, endedAt: NOON, grant: { askedAt: NOON, standing: false } },
  ];
  return differ.flatMap((fields) =>
    [true, false, undefined].map((standing) => {
      const world = createWorld();
      world.requests.put(aRequest(state, fields));
      if (standing !== undefined) world.leases.put({ assignment: ANAS_ASSIGNMENT, leases: ['r1'], standing });
      return world;
    }),
  );
}

/** The answers of a function for requests in every state. */
async function answers(ask: (world: TestWorld) => Promise<unknown>): Promise<Answer[]> {
  return Promise.all(ALL_STATES.flatMap(worlds).map(async (world) => onTheWire(await ask(world))));
}

async function createdAnd(world: TestWorld, settled: boolean): Promise<unknown> {
  const { operationId } = await world.assignments.create(ANAS_ASSIGNMENT);
  if (settled) world.assignments.settle();
  return checkCreation('r1', operationId ?? '', world);
}

async function removedAnd(world: TestWorld): Promise<unknown> {
  await revokeAccess('r1', world);
  return checkRemoval('r1', world);
}

function cutIn(world: TestWorld, state: BoundaryState): Promise<unknown> {
  return endSessions('r1', {
    ...world,
    guards: createGuards().guards,
    locks: createLocks(),
    boundaries: {
      stateOf: async () => state,
      sessionsOf: async () => ({ permissionSetName: 'BreakGlassAdmin', sessionSeconds: 3600 }),
    },
    policies: GUARD_POLICIES,
    newHolder: () => 'run-1',
  });
}

const ANSWERS = {
  'Grant access': () => answers((world) => grantAccess('r1', world)),
  'Check assignment': async () => [
    ...(await answers((world) => createdAnd(world, true))),
    ...(await answers((world) => createdAnd(world, false))),
  ],
  'Look again': () => answers((world) => lookAtAccess('r1', world)),
  'Revoke access': () =>
    answers((world) =>
      revokeStep({ requestId: 'r1', made: undefined }, () => revokeAccess('r1', world), {
        ...world,
        executions: { madeBy: async () => undefined },
      }),
    ),
  'Check removal': async () => [
    ...(await answers((world) => checkRemoval('r1', world))),
    ...(await answers(removedAnd)),
  ],
  'Cut live sessions': async () => [
    ...(await answers((world) => cutIn(world, 'attached'))),
    ...(await answers((world) => cutIn(world, 'outdated'))),
  ],
};

/** The fields that a state of the workflow takes from the answer of its function. */
function fieldsRead(name: string): string[] {
  const text = JSON.stringify(stateNamed(name).Assign ?? {});
  return [...text.matchAll(/\$states\.result\.Payload\.(\w+)/g)].map(([, field]) => field ?? '');
}

/** The answers that the conditions of a choice handle. */
const wordsKnown = (choice: string) =>
  (stateNamed(choice).Choices ?? []).map(({ Condition }) => /'(\w+)'/.exec(Condition)?.[1] ?? Condition);

describe('the answers of the functions', () => {
  const readers = TASKS.map(([name]) => name).filter((name) => fieldsRead(name).length > 0);

  it('are tested here for every state that takes a field from one', () => {
    // The answers of the report function have a type of their own.
    expect(readers).toEqual([
      ...Object.keys(ANSWERS),
      'Start report',
      'Collect report',
      'Send report',
      'Note unsent report',
    ]);
  });

  it.each(Object.entries(ANSWERS))(
    'always have every field that "%s" takes, because otherwise the workflow fails there',
    async (name, ask) => {
      const given = await ask();
      expect(given.length).toBeGreaterThan(50);
      for (const answer of given) expect(Object.keys(answer)).toEqual(expect.arrayContaining(fieldsRead(name)));
    },
  );

  it('name only next steps that the following choice handles', async () => {
    for (const [task, choice, beside] of [
      ['Grant access', 'What next?', 'revoke'],
      ['Check assignment', 'Made?', 'revoke'],
      ['Revoke access', 'Removed?', 'wait'],
      ['Check removal', 'Removed?', 'wait'],
      ['Cut live sessions', 'Sessions cut?', 'done'],
    ] as const) {
      const said = new Set((await ANSWERS[task]()).map(({ next }) => next));
      expect(said.size).toBeGreaterThan(1);
      expect([...said].filter((word) => ![...wordsKnown(choice), beside].includes(String(word)))).toEqual([]);
    }
  });

  it('give waits of whole seconds, and for an approval at least one second', async () => {
    for (const { next, approvalSeconds, waitSeconds } of await ANSWERS['Grant access']()) {
      if (next === 'approval') expect(approvalSeconds).toBeGreaterThanOrEqual(1);
      expect(Number.isInteger(approvalSeconds) && Number.isInteger(waitSeconds)).toBe(true);
    }
  });

  it('have an instant wherever the workflow waits for one', async () => {
    const instant = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
    for (const { next, startsAt, endsAt, warnAt } of await ANSWERS['Grant access']()) {
      if (next === 'start') expect(startsAt).toMatch(instant);
      if (next === 'check') expect([endsAt, warnAt].every((at) => instant.test(String(at)))).toBe(true);
    }
    for (const { report, reportAt } of [
      ...(await ANSWERS['Revoke access']()),
      ...(await ANSWERS['Cut live sessions']()),
    ]) {
      if (report === true) expect(reportAt).toMatch(instant);
    }
  });
});

describe('the input that the workflow passes', () => {
  const MADE = { principalId: 'user-ana', target: { groupId: 'group-leads' } };

  /** The payload of a state, with a value for every expression. */
  const payloadOf = (name: string): unknown => {
    const payload = stateNamed(name).Arguments?.Payload ?? {};
    return Object.fromEntries(
      Object.entries(payload).map(([key, value]) => {
        const said = { made: MADE, edition: 'first' }[key] ?? 'something';
        return [key, String(value).startsWith('{%') ? said : value];
      }),
    );
  };

  it.each([
    ['Grant access', taskInput.grant],
    ['Look again', taskInput.grant],
    ['Ask for approval', taskInput.approval],
    ['Remind approvers', taskInput.approval],
    ['Check assignment', taskInput.check],
    ['Announce access', taskInput.announce],
    ['Warn before the end', taskInput.announce],
    ['Hold access', taskInput.hold],
    ['Hold until the end', taskInput.hold],
    ['Revoke access', taskInput.revoke],
    ['Check removal', taskInput.check],
    ['Cut live sessions', taskInput.cut],
    ['Announce live sessions', taskInput.announce],
    ['Announce slow removal', taskInput.announce],
    ['Announce ending', taskInput.announce],
    ['Announce end', taskInput.announce],
    ['Announce unsent report', taskInput.announce],
    ['Announce report', taskInput.announce],
    ['Announce decision', taskInput.announce],
  ])('in "%s" fits the schema of its function', (name, schema) => {
    expect(z.safeParse(schema, payloadOf(name)).error).toBeUndefined();
  });

  it.each(['Start report', 'Collect report', 'Send report', 'Note unsent report'])(
    'in "%s" fits the schema of the report function',
    async (name) => {
      // The services are missing: a TypeError shows that the input was accepted.
      await expect(runReportStep(payloadOf(name), {} as never)).rejects.toBeInstanceOf(TypeError);
      await expect(runReportStep({ ...Object(payloadOf(name)), more: 1 }, {} as never)).rejects.not.toBeInstanceOf(
        TypeError,
      );
    },
  );
});
