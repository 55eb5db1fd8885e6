import { stringify } from 'yaml';
import { type Refusal, refusal } from '../../core/model/refusal.ts';
import { compareText } from '../../core/model/text.ts';
import { policyOfItem } from '../../core/policy/authoring/plan.ts';
import {
  acceptProposal,
  lookAtProposal,
  type Outcome,
  proposeChange,
  tryChange,
  withdrawProposal,
} from '../../core/policy/changing/change-policies.ts';
import type { JudgedChange } from '../../core/policy/changing/judge-change.ts';
import type { Proposal } from '../../core/policy/changing/proposal.ts';
import { recordKind } from '../../core/policy/records/record-kind.ts';
import {
  acceptedTextSchema,
  type PolicyChange,
  type PolicyChangeDetail,
  type PolicyChanges,
  type PolicyCheck,
  proposedPoliciesSchema,
  wantedPoliciesSchema,
  withdrawnBecauseSchema,
} from '../api/document/schemas-of-changes.ts';
import { type ApiAnswer, answerJson, headerOf } from '../api/http.ts';
import { readBody, wrongField } from '../api/input.ts';
import { callProblem, refusedWithAudit, refusedWithoutAudit } from '../api/problems.ts';
import { type Call, isKey } from '../api/verbs/act.ts';
import { log } from '../shared/log.ts';
import { plainSentence } from '../shared/plain-sentence.ts';
import { sha256 } from '../shared/sha256.ts';
import type { Services } from './services.ts';

/** The policies as a policy file, and the proposals that wait for another operator. */
export async function list(_call: Call, all: Services): Promise<ApiAnswer> {
  const [items, open] = await Promise.all([
    all.accessTable.policiesAndStrays(),
    all.proposals.open(all.now().toISOString()),
  ]);
  const policies = items.filter(({ id }) => recordKind(id) === 'policy').map(policyOfItem);
  policies.sort((a, b) => compareText(String(a.name), String(b.name)));
  const proposals = [...open].sort((a, b) => compareText(a.at, b.at)).map(changeView);
  return answerJson(200, { text: stringify(policies), proposals } satisfies PolicyChanges);
}

/** What a change of the policies would do. */
export async function check({ event }: Call, all: Services): Promise<ApiAnswer> {
  const body = readBody(event, wantedPoliciesSchema);
  return body.ok ? answerJson(200, checkView(await tryChange(body.value, all))) : body.answer;
}

/** Proposes a change of the policies. */
export async function propose(call: Call, all: Services): Promise<ApiAnswer> {
  const body = readBody(call.event, proposedPoliciesSchema);
  if (!body.ok) return body.answer;
  const key = headerOf(call.event, 'idempotency-key') ?? call.event.requestContext.requestId;
  if (!isKey(key)) return wrongField('Idempotency-Key', 'must be 1 to 200 visible characters').answer;
  const id = `change-${sha256(`${call.person.principalId} ${key}`).slice(0, 20)}`;
  const isAgain = (await all.proposals.get(id)) !== undefined;
  const outcome = await proposeChange({ id, ...body.value }, call.person, all);
  if (outcome === undefined)
    return callProblem('idempotency-key-reused', 'Send another Idempotency-Key with what is proposed now.');
  return told('proposePolicyChange', outcome, isAgain ? 200 : 201);
}

/** A proposal, and what it would do if it were accepted now. */
export async function get({ parameters }: Call, all: Services): Promise<ApiAnswer> {
  const found = await lookAtProposal(parameters.changeId ?? '', all);
  if (found === undefined) return refusedWithoutAudit(refusal('unknown-proposal'));
  const { proposal, judged, isStale } = found;
  const detail = { ...changeView(proposal), text: proposal.text, stale: isStale, check: checkView(judged) };
  return answerJson(200, detail satisfies PolicyChangeDetail);
}

/** Accepts a proposal and writes its policies. */
export async function accept(call: Call, all: Services): Promise<ApiAnswer> {
  const body = readBody(call.event, acceptedTextSchema);
  if (!body.ok) return body.answer;
  const outcome = await acceptProposal(call.parameters.changeId ?? '', body.value.textHash, call.person, all);
  return told('acceptPolicyChange', outcome);
}

/** Withdraws the caller's own proposal, or rejects another operator's. */
export async function withdraw(call: Call, all: Services): Promise<ApiAnswer> {
  const body = readBody(call.event, withdrawnBecauseSchema);
  if (!body.ok) return body.answer;
  const outcome = await withdrawProposal(call.parameters.changeId ?? '', call.person, body.value.note, all);
  return told('withdrawPolicyChange', outcome);
}

function told(operation: string, outcome: Outcome, status: 200 | 201 = 200): ApiAnswer {
  if (outcome.done) {
    log('policies.change', { operation, change: outcome.proposal.id, state: outcome.proposal.state });
    return answerJson(status, changeView(outcome.proposal));
  }
  return refusedWithAudit(outcome.refusal);
}

function changeView(proposal: Proposal): PolicyChange {
  const { id, state, principalId, userName, at, expiresAt, note, text, allowRemoving, decided } = proposal;
  return {
    id,
    state,
    proposedBy: { userId: principalId, userName },
    proposedAt: at,
    expiresAt,
    note,
    textHash: sha256(text),
    allowRemoving: allowRemoving ?? null,
    decidedBy: decided === undefined ? null : { userId: decided.principalId, userName: decided.userName },
    decidedAt: decided?.at ?? null,
  };
}

function checkView({ findings, differences, plan, refusal: why }: JudgedChange): PolicyCheck {
  return {
    findings: findings.map(({ severity, text }) => ({ severity, text })),
    differences: differences.map(({ name, kind, fields }) => ({ name, kind, fields: [...fields] })),
    plan: [...plan],
    refusal: why === undefined ? null : sentenceOf(why),
  };
}

function sentenceOf(why: Refusal) {
  return { reason: why.reason, sentence: plainSentence(why) };
}
