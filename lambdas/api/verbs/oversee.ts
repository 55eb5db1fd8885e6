import { seesAll } from '../../../core/access/request/identity/personas.ts';
import { previewAccess } from '../../../core/access/request/preview-access.ts';
import { readable } from '../../../core/drift/types.ts';
import { OPEN_STATES } from '../../../core/model/life-cycle.ts';
import { refusal } from '../../../core/model/refusal.ts';
import { POLICY_PREFIX, SWEPT_ID } from '../../../core/model/stored-ids.ts';
import { compareText } from '../../../core/model/text.ts';
import { parsePolicy } from '../../../core/policy/records/parse-policy.ts';
import { evaluateForSchema } from '../document/schemas.ts';
import { type ApiAnswer, answerJson } from '../http.ts';
import { readBody, readTerms } from '../input.ts';
import { refusedWithoutAudit } from '../problems.ts';
import type { Services } from '../services.ts';
import { driftView, previewView } from '../views.ts';
import type { Call } from './act.ts';
import { userOf } from './operate.ts';

/** The policies as they are stored, with the problems of each. */
export async function listPolicies(_call: Call, all: Services): Promise<ApiAnswer> {
  const { accessVersion } = await all.policyStore.storeState();
  const items = await all.policyStore.policies(accessVersion);
  const policies = items
    .map((item) => {
      const { id, ...record } = item;
      const name = id.startsWith(POLICY_PREFIX) ? id.slice(POLICY_PREFIX.length) : id;
      const parsed = parsePolicy(record, name);
      return { name, problems: parsed.ok ? [] : [...parsed.problems], record: plain(record) };
    })
    .sort((a, b) => compareText(a.name, b.name));
  return answerJson(200, { version: accessVersion, policies });
}

/** Previews an ask of another person. Nothing is asked for by it. */
export async function evaluateFor(call: Call, all: Services): Promise<ApiAnswer> {
  const body = readBody(call.event, evaluateForSchema);
  if (!body.ok) return body.answer;
  const terms = readTerms(body.value, all.now());
  if (!terms.ok) return terms.answer;
  const { userId, reason, ticket } = body.value;
  const user = await userOf(userId, all);
  if (user === undefined) return refusedWithoutAudit(refusal('principal-not-found', userId));
  if (!user.enabled) return refusedWithoutAudit(refusal('principal-disabled', user.userName));
  const groupIds = await all.directory.groupIdsOf(user.id);
  const { userName, displayName, email } = user;
  const person = { slackId: '', principalId: user.id, userName, displayName, email, groupIds };
  const { wanted, durationSeconds, startsAt } = terms.value;
  const texts =
    reason === undefined && ticket === undefined ? {} : { texts: { reason: reason ?? '', ticket: ticket ?? '' } };
  const preview = await previewAccess(
    {
      person,
      wanted,
      durationSeconds,
      startsAt,
      ...texts,
    },
    all,
  );
  return answerJson(200, previewView(preview));
}

/** Access that was given outside of Glasshammer, as far as drift detection has found it. */
export async function listDrift(_call: Call, all: Services): Promise<ApiAnswer> {
  const [mode, pass] = await Promise.all([all.drift.mode(), all.drift.pass()]);
  const findings = [];
  for (const status of ['to-remove', 'told', 'removed'] as const)
    for await (const item of all.drift.inStatus(status)) findings.push(item);
  return answerJson(200, driftView(mode, readable(pass), findings));
}

/**
 * Whether access can be given and is being taken back. How much is open, and who froze, is only for auditors and
 * operators.
 */
export async function health({ person }: Call, all: Services): Promise<ApiAnswer> {
  const [storeState, sweptAt] = await Promise.all([all.policyStore.storeState(), all.heartbeat(SWEPT_ID)]);
  const ageMs = sweptAt === undefined ? undefined : all.now().getTime() - Date.parse(sweptAt);
  const isSwept = ageMs !== undefined && ageMs < STALE_SWEEP_MS;
  const { frozen } = storeState;
  const answer = {
    status: !isSwept ? 'sweep-stands-still' : frozen !== undefined ? 'frozen' : 'ok',
    frozen: frozen ?? null,
    sweptAt: sweptAt ?? null,
    open: null,
    reviewsOwed: null,
  };
  // The freeze and its reason are shown to everybody, as in a refusal; only who froze is left out.
  if (!seesAll(person, all.personas))
    return answerJson(200, { ...answer, frozen: frozen === undefined ? null : { ...frozen, by: '' } });
  return answerJson(200, { ...answer, ...(await counts(all)) });
}

/** The sweep runs every five minutes; two missed runs in a row are too many. Milliseconds. */
const STALE_SWEEP_MS = 15 * 60_000;

async function counts({ requests, reviews }: Services) {
  const open: Record<string, number> = {};
  for await (const { state } of requests.inStates(OPEN_STATES)) open[state] = (open[state] ?? 0) + 1;
  let reviewsOwed = 0;
  // The list also has reviews that were given as a question and wait for its answer; these are not counted.
  for await (const { requestId } of reviews.owed())
    if ((await requests.get(requestId))?.review?.status === 'owed') reviewsOwed += 1;
  return { open, reviewsOwed };
}

/** Converts sets of DynamoDB to arrays, because JSON has no sets. */
function plain(value: unknown): unknown {
  if (value instanceof Set) return [...value].map(plain);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}
