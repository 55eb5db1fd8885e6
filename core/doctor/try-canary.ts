import { isOver } from '../model/life-cycle.ts';
import type { Refusal } from '../model/refusal.ts';
import { CANARY_SECONDS, type CanaryAsk, type CanaryLook, type CanaryTarget, judgeCanary } from './canary.ts';
import type { Finding } from './finding.ts';

/** What a trial calls, and its clock. */
export interface TrialPorts {
  ask(target: CanaryTarget): Promise<CanaryAsk>;
  /** `undefined` where no trial has this request id. */
  look(requestId: string): Promise<CanaryLook | undefined>;
  /** False where nothing is left to end, or where another request has joined the trial's access. */
  end(requestId: string): Promise<boolean>;
  /** Waits a moment between two looks. */
  pause(): Promise<void>;
  now(): Date;
  /** A refusal as a sentence. */
  words(refusal: Refusal): string;
}

/** The longest wait for a grant or a removal; a slower Identity Center is reported as a finding. Milliseconds. */
const LONGEST_WAIT_MS = 15 * 60_000;

/**
 * Gives the canary one target, checks that the assignment exists, ends the access, and checks that the assignment is
 * gone: one finding per step. It stops at the first failed step and says what then happens to the access. The access
 * ends by itself even if the caller stops half-way.
 *
 * @throws what the ports throw
 */
export async function* tryCanary(target: CanaryTarget, ports: TrialPorts): AsyncIterable<Finding> {
  const name = nameOf(target);
  const asked = await ports.ask(target);
  if (!asked.asked) {
    yield {
      check: 'canary-grant',
      status: 'fault',
      what: `the canary was refused ${name}: ${ports.words(asked.refusal)}`,
      why: 'nothing was tried; the canary has what policies give it without approval, and nothing else',
      fix: 'write a policy that gives it to the canary alone, as in docs/doctor.md',
    };
    return;
  }
  const { requestId } = asked;
  const given = await waitFor(requestId, ({ state }) => state === 'active' || isOver(state), ports);
  if (given?.state !== 'active' || !given.there || given.standing) {
    yield notGiven(name, requestId, given, ports);
    if (given !== undefined && !isOver(given.state)) await ports.end(requestId);
    return;
  }
  yield {
    check: 'canary-grant',
    status: 'ok',
    what: `${name} was given ${secondsFrom(given.askedAt, given.givenAt)} s after it was asked for, and Identity Center shows it`,
  };
  if (!(await ports.end(requestId)) && (await ports.look(requestId))?.state === 'active') {
    yield {
      check: 'canary-end',
      status: 'unseen',
      what: `${name} was not ended: the same user has asked for it as well meanwhile, and has it until that is over`,
      why: 'nobody knows whether what is given is taken back',
      fix: 'let nobody sign in as the canary, or try again when nothing of it is left: glasshammer requests',
    };
    return;
  }
  const gone = await waitFor(requestId, ({ state, there }) => isOver(state) && !there, ports);
  const verdict = judgeCanary(gone);
  if (verdict.right) {
    const { goneAfterSeconds } = verdict;
    yield {
      check: 'canary-end',
      status: 'ok',
      what: `${name} was taken back ${goneAfterSeconds} s after its end was asked for, and Identity Center does not show it any more`,
    };
    return;
  }
  yield notTakenBack(name, requestId, gone);
}

function notTakenBack(name: string, requestId: string, look: CanaryLook | undefined): Finding {
  const check = 'canary-end';
  const status = 'fault';
  const fix = 'docs/runbook.md, "Access could not be taken back"';
  if (look === undefined)
    return {
      check,
      status,
      what: `request ${requestId} is not there any more, so nobody knows whether ${name} is`,
      why: 'without its request, access is taken back by the sweep alone',
      fix: `look in Identity Center; ${fix}`,
    };
  const where = `(request ${requestId} is ${look.state})`;
  if (look.there)
    return {
      check,
      status,
      what: `${name} is still there ${where}`,
      why: 'access that is given is not taken back',
      fix,
    };
  return {
    check,
    status,
    what: `Identity Center does not show ${name} any more, but its request does not say that it was taken back ${where}`,
    why: 'somebody else took it away, or what Glasshammer does is not written down',
    fix: `glasshammer requests; ${fix}`,
  };
}

function notGiven(name: string, requestId: string, look: CanaryLook | undefined, { words }: TrialPorts): Finding {
  const check = 'canary-grant';
  if (look?.state === 'joined')
    return {
      check,
      status: 'unseen',
      what: `the canary has ${name} already, by another trial or by somebody who is signed in as it; that access goes on`,
      why: 'nothing was given, so nothing was tried',
      fix: `try again when it is over, ${CANARY_SECONDS / 60} minutes after the last trial began at the latest`,
    };
  if (look?.standing === true)
    return {
      check,
      status: 'fault',
      what: `the canary has ${name} already, by somebody else`,
      why: 'nothing was given, so nothing was tried',
      fix: 'take it from the canary in Identity Center, and try again',
    };
  const because = look?.failure === undefined ? '' : `: ${words(look.failure)}`;
  return {
    check,
    status: 'fault',
    what:
      look?.state === 'active'
        ? `request ${requestId} says that ${name} was given, and Identity Center does not show it`
        : `${name} was not given (request ${requestId} is ${look?.state ?? 'not there'})${because}`,
    why: 'somebody who needs access does not get it either',
    fix: `docs/runbook.md, "Access could not be given"; what was begun ends by itself within ${CANARY_SECONDS / 60} minutes`,
  };
}

/** The first look that fits; after `LONGEST_WAIT_MS` the latest look. */
async function waitFor(
  requestId: string,
  fits: (look: CanaryLook) => boolean,
  ports: TrialPorts,
): Promise<CanaryLook | undefined> {
  const until = ports.now().getTime() + LONGEST_WAIT_MS;
  for (;;) {
    const look = await ports.look(requestId);
    if (look === undefined || fits(look) || ports.now().getTime() >= until) return look;
    await ports.pause();
  }
}

function nameOf(target: CanaryTarget): string {
  return 'group' in target ? `group ${target.group}` : `${target.permissionSet} in ${target.accountId}`;
}

function secondsFrom(from: string, to = from): number {
  return Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));
}
