import type { LeaseItem } from '../access/ports.ts';
import { MalformedItemError } from '../model/errors.ts';
import { after } from '../model/events.ts';
import { type Assignment, assignmentKey, isGroupTarget } from '../model/target.ts';
import { compareText } from '../model/text.ts';
import { classify } from './classify.ts';
import type { DriftScope, DriftServices, ProvisionedPort } from './ports.ts';
import { endMissing, reportUnowned } from './second-look.ts';
import { type DriftItem, type DriftPass, isReadable, type ProvisionedPair, pairKey } from './types.ts';

export interface PassServices extends DriftServices {
  readonly provisioned: ProvisionedPort;
  /** Seconds from the start of one pass to the start of the next. */
  readonly everySeconds: number;
  /** True when this step has made its share of calls, or is running out of time; the next step goes on. */
  isSpent(): boolean;
  /** Called for each pair, account or permission set that failed; the pass goes on. */
  onFailure(error: unknown): void;
}

export interface PassStep {
  readonly outcome: 'not-due' | 'to-be-continued' | 'finished';
  /** Of this step alone: how much was told to the operators, and how much failed. */
  readonly told: number;
  readonly failures: number;
  /** The pass is not finished although the next one is due. */
  readonly late: boolean;
}

/** Errors that end the step: the next step resumes where it stopped. */
const THROTTLED = ['ThrottlingException', 'TooManyRequestsException'];
/** The unit that comes last: memberships, which are looked up one lease at a time. Sorts behind every id and ARN. */
const MEMBERSHIPS = '~memberships';

interface Known {
  readonly leases: ReadonlyMap<string, LeaseItem>;
  readonly drift: ReadonlyMap<string, DriftItem>;
}

/** What one step has found; verified and told at its end. */
interface Batch {
  readonly unowned: Assignment[];
  readonly missing: Assignment[];
  readonly gone: DriftItem[];
  checked: number;
  failures: number;
}

/**
 * One step of the full pass over everything provisioned that Glasshammer may assign. It tells operators of user
 * assignments that no lease holds, ends leases whose assignment is gone, and forgets remembered drift that is gone.
 * Does nothing while no pass is due. A step resumes where the last one stopped, and a step that is done twice tells
 * nothing twice.
 *
 * The calls grow with the accounts or permission sets (whichever the configuration has fewer of) and the provisioned
 * pairs.
 */
export async function stepPass(services: PassServices): Promise<PassStep> {
  // If operators cannot be told of removed drift, the next step tells them. The rest of this step does not wait for it.
  const untold = await notifyRemoved(services).then(
    () => 0,
    (error: unknown) => {
      services.onFailure(error);
      return 1;
    },
  );
  const now = services.now().toISOString();
  const seen = await services.drift.pass();
  if (seen !== undefined && !isReadable(seen))
    services.onFailure(new MalformedItemError('what is noted of the last full pass cannot be read: another begins'));
  const last = isReadable(seen) && !isAhead(seen, now) ? seen : undefined;
  const due = last?.finishedAt === undefined ? undefined : await isDue(last, now, services);
  if (due === false) return { outcome: 'not-due', told: 0, failures: untold, late: false };
  const pass: Omit<DriftPass, 'revision'> =
    last === undefined || due === true
      ? { startedAt: now, ...(await modeNow(services)), checked: 0, found: 0, failures: 0 }
      : last;

  const batch: Batch = { unowned: [], missing: [], gone: [], checked: 0, failures: 0 };
  const stoppedAt = await read(pass, batch, services);
  // A throttled call ends the step, which is then done again: the calls after it would be throttled too. Any other
  // failure concerns its own item alone.
  const alone = (work: () => Promise<void>) =>
    work().catch((error: unknown) => {
      if (isThrottled(error)) throw error;
      batch.failures += 1;
      services.onFailure(error);
    });
  // Requests end before operators are told of drift, so that a message that fails does not delay their end.
  const ended = await endMissing(batch.missing, services, alone);
  for (const item of batch.gone) await services.drift.drop(item.assignment, item);
  const told = ended + (await reportUnowned(batch.unowned, services, alone));
  await services.drift.savePass(
    {
      startedAt: pass.startedAt,
      modeAt: pass.modeAt,
      checked: pass.checked + batch.checked,
      found: pass.found + told,
      failures: pass.failures + batch.failures,
      ...(stoppedAt ?? { finishedAt: services.now().toISOString() }),
    },
    seen,
  );
  return {
    outcome: stoppedAt === undefined ? 'finished' : 'to-be-continued',
    told,
    failures: batch.failures + untold,
    late: stoppedAt !== undefined && after(pass.startedAt, services.everySeconds) < now,
  };
}

/** The clocks of two runs differ by at most this much. Seconds. */
const CLOCK_SECONDS = 300;

/** Is the stored start in the future? An attacker may have written that to keep passes from starting. */
function isAhead({ startedAt }: DriftPass, now: string): boolean {
  return after(now, CLOCK_SECONDS) < startedAt;
}

/**
 * A switch of the mode makes the next pass due, so that an operator who confirms drift does not wait for hours. The
 * time of the mode is compared for being different, not for being later: it comes from the operator's clock.
 */
async function isDue(pass: DriftPass, now: string, services: PassServices): Promise<boolean> {
  if (after(pass.startedAt, services.everySeconds) <= now) return true;
  return (await modeNow(services)).modeAt !== pass.modeAt;
}

async function modeNow({ drift }: PassServices): Promise<Pick<DriftPass, 'modeAt'>> {
  const { at } = await drift.mode();
  return at === undefined ? {} : { modeAt: at };
}

type Stop = { readonly unit: string; readonly after?: string };

/** @returns where the next step goes on; `undefined` when everything was read */
async function read(
  pass: Omit<DriftPass, 'revision'>,
  batch: Batch,
  services: PassServices,
): Promise<Stop | undefined> {
  const known = await knownItems(services);
  for (const unit of unitsOf(services.scope)) {
    if (pass.unit !== undefined && unit < pass.unit) continue;
    const begin = unit === pass.unit ? pass.after : undefined;
    if (services.isSpent()) return { unit, after: begin };
    const stop = await readUnit(unit, begin, known, batch, services);
    if (stop !== undefined) return stop;
  }
  return undefined;
}

/** Accounts, or permission sets where these are fewer or the accounts are not listed; sorted, memberships last. */
function unitsOf({ accounts, permissionSets, groups }: DriftScope): readonly string[] {
  const arns = permissionSets.map(({ arn }) => arn);
  const units = accounts === '*' || arns.length <= accounts.length ? arns : [...accounts];
  return [...units.sort(compareText), ...(groups.length > 0 ? [MEMBERSHIPS] : [])];
}

async function readUnit(
  unit: string,
  begin: string | undefined,
  known: Known,
  batch: Batch,
  services: PassServices,
): Promise<Stop | undefined> {
  let last = begin;
  const stop = (): Stop => ({ unit, after: last });
  try {
    if (unit === MEMBERSHIPS) {
      await readMemberships(known, batch, services);
      return undefined;
    }
    const provisioned = await provisionedPairs(unit, services);
    const pairs = new Map([...expectedPairs(unit, known), ...provisioned].map((pair) => [pairKey(pair), pair]));
    const live = new Set(provisioned.map(pairKey));
    for (const key of [...pairs.keys()].sort(compareText)) {
      const pair = pairs.get(key);
      if (pair === undefined || (begin !== undefined && key <= begin)) continue;
      if (live.has(key) && services.isSpent()) return stop();
      const outcome = await attempt(() => readPair(pair, live.has(key), known, batch, services), batch, services);
      if (outcome === 'throttled') return stop();
      last = key;
    }
  } catch (error) {
    batch.failures += 1;
    services.onFailure(error);
    if (isThrottled(error)) return stop();
  }
  return undefined;
}

/** A pair that fails does not stop the others. A throttled call does, because theirs would be throttled as well. */
async function attempt(
  work: () => Promise<void>,
  batch: Batch,
  services: PassServices,
): Promise<'done' | 'failed' | 'throttled'> {
  try {
    await work();
    return 'done';
  } catch (error) {
    batch.failures += 1;
    services.onFailure(error);
    return isThrottled(error) ? 'throttled' : 'failed';
  }
}

function isThrottled(error: unknown): boolean {
  return error instanceof Error && THROTTLED.includes(error.name);
}

async function provisionedPairs(unit: string, { provisioned, scope }: PassServices): Promise<ProvisionedPair[]> {
  if (unit.startsWith('arn:')) {
    const accounts = await provisioned.accountsOf(unit);
    const ours = accounts.filter((id) => scope.accounts === '*' || scope.accounts.includes(id));
    return ours.map((accountId) => ({ accountId, permissionSetArn: unit }));
  }
  const ours = new Set(scope.permissionSets.map(({ arn }) => arn));
  const sets = await provisioned.setsOf(unit);
  return sets.filter((arn) => ours.has(arn)).map((permissionSetArn) => ({ accountId: unit, permissionSetArn }));
}

/** Pairs of this unit with a lease or known drift: Identity Center does not list a pair that nobody is assigned to. */
function expectedPairs(unit: string, { leases, drift }: Known): ProvisionedPair[] {
  return [...leases.values(), ...drift.values()].flatMap(({ assignment: { target } }) =>
    !isGroupTarget(target) && (target.accountId === unit || target.permissionSetArn === unit) ? [target] : [],
  );
}

async function readPair(
  pair: ProvisionedPair,
  isProvisioned: boolean,
  { leases, drift }: Known,
  batch: Batch,
  services: PassServices,
): Promise<void> {
  const users = isProvisioned ? await services.provisioned.usersOf(pair) : [];
  batch.checked += 1;
  const present = new Set(users);
  for (const principalId of present) {
    const assignment = { principalId, target: { ...pair } };
    if (classify(leases.get(assignmentKey(assignment))) === 'outside') batch.unowned.push(assignment);
  }
  const absent = ({ assignment }: { readonly assignment: Assignment }) =>
    isOfPair(assignment, pair) && !present.has(assignment.principalId);
  for (const item of leases.values())
    if (item.leases.length > 0 && item.removing === undefined && absent(item)) batch.missing.push(item.assignment);
  // Drift with a lease item may be under removal by Glasshammer: then `removeDrift` notes that it was removed.
  for (const [key, item] of drift) if (absent(item) && !leases.has(key)) batch.gone.push(item);
}

/** Only memberships with a lease or known drift are looked up: others change the members of groups every day. */
async function readMemberships({ leases, drift }: Known, batch: Batch, services: PassServices): Promise<void> {
  /** A group that the configuration has left out cannot be looked up: only that look-up fails. */
  const isGone = async ({ assignment }: { readonly assignment: Assignment }): Promise<boolean> => {
    try {
      return !(await services.assignments.exists(assignment));
    } catch (error) {
      if (isThrottled(error)) throw error;
      batch.failures += 1;
      services.onFailure(error);
      return false;
    }
  };
  for (const item of leases.values()) {
    if (!isGroupTarget(item.assignment.target) || item.leases.length === 0 || item.removing !== undefined) continue;
    if (await isGone(item)) batch.missing.push(item.assignment);
  }
  for (const item of drift.values())
    if (isGroupTarget(item.assignment.target) && (await isGone(item))) batch.gone.push(item);
}

async function notifyRemoved({ drift, teller }: PassServices): Promise<void> {
  const removed: DriftItem[] = [];
  for await (const item of drift.inStatus('removed')) removed.push(item);
  if (removed.length === 0) return;
  await teller.removed(removed);
  for (const item of removed) await drift.drop(item.assignment, item);
}

async function knownItems({ leases, drift }: PassServices): Promise<Known> {
  const known = { leases: new Map<string, LeaseItem>(), drift: new Map<string, DriftItem>() };
  for await (const item of leases.all()) known.leases.set(assignmentKey(item.assignment), item);
  for (const status of ['told', 'to-remove'] as const)
    for await (const item of drift.inStatus(status)) known.drift.set(assignmentKey(item.assignment), item);
  return known;
}

function isOfPair({ target }: Assignment, { accountId, permissionSetArn }: ProvisionedPair): boolean {
  return !isGroupTarget(target) && target.accountId === accountId && target.permissionSetArn === permissionSetArn;
}
