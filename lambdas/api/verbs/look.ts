import { businessOf } from '../../../core/access/request/identity/own-business.ts';
import { previewAccess } from '../../../core/access/request/preview-access.ts';
import { offerAccounts, offerPermissionSets } from '../../../core/access/request/target/offer-access.ts';
import { refusal } from '../../../core/model/refusal.ts';
import type { AccessRequest } from '../../../core/model/request.ts';
import { evaluateSchema } from '../document/schemas.ts';
import { type ApiAnswer, answerJson } from '../http.ts';
import { readBody, readTerms } from '../input.ts';
import { pageOf } from '../pages.ts';
import { callProblem, refusedWithoutAudit } from '../problems.ts';
import type { Services } from '../services.ts';
import { previewView, requestDetail, requestView } from '../views.ts';
import type { Call } from './act.ts';
import { concernedRequest } from './concerned.ts';

/** Accounts and groups in which the person may ask for something. */
export async function listTargets({ event, person }: Call, all: Services): Promise<ApiAnswer> {
  const { accounts, groups } = await offerAccounts(person, event.queryStringParameters?.q ?? '', all);
  return answerJson(200, { accounts, groups });
}

/** Permission sets the person may ask for in an account. */
export async function listPermissionSets({ person, parameters }: Call, all: Services): Promise<ApiAnswer> {
  return answerJson(200, { permissionSets: await offerPermissionSets(person, parameters.accountId, all) });
}

/** Previews an ask: who would approve it, for how long, or why it would be refused. */
export async function evaluate({ event, person }: Call, all: Services): Promise<ApiAnswer> {
  const body = readBody(event, evaluateSchema);
  if (!body.ok) return body.answer;
  const terms = readTerms(body.value, all.now());
  if (!terms.ok) return terms.answer;
  const { wanted, durationSeconds, startsAt } = terms.value;
  const { reason, ticket } = body.value;
  const texts =
    reason === undefined && ticket === undefined ? undefined : { reason: reason ?? '', ticket: ticket ?? '' };
  if ('extends' in wanted) {
    const named = await concernedRequest({ person, parameters: { requestId: wanted.extends } }, all);
    if (named === undefined) return refusedWithoutAudit(refusal('unknown-request'));
    // An extension of another person's access is not previewed: it would show what that person has.
    if (named.request.requester.principalId !== person.principalId) return refusedWithoutAudit(refusal('not-yours'));
  }
  const preview = await previewAccess(
    {
      person,
      wanted,
      durationSeconds,
      startsAt,
      texts,
    },
    all,
  );
  return answerJson(200, previewView(preview));
}

/** The person's open requests. */
export async function listMine(call: Call, all: Services): Promise<ApiAnswer> {
  const { active, pending } = await businessOf(call.person.principalId, all);
  return answerPage([...active, ...pending], call);
}

/** Requests that wait for the person's vote. */
export async function listPending(call: Call, all: Services): Promise<ApiAnswer> {
  const { toDecide } = await businessOf(call.person.principalId, all);
  return answerPage(toDecide, call);
}

/**
 * One request with its history. A request that does not concern the caller is answered like one that does not exist.
 */
export async function getRequest(call: Call, all: Services): Promise<ApiAnswer> {
  const found = await concernedRequest(call, all);
  if (found === undefined) return refusedWithoutAudit(refusal('unknown-request'));
  return answerJson(200, requestDetail(found.request, found.votes));
}

/** Answers a page of requests. */
export function answerPage(requests: readonly AccessRequest[], { event }: Call): ApiAnswer {
  const page = pageOf(requests, event.queryStringParameters ?? {});
  if (!page.ok) return callProblem('malformed-query', `Correct the query: ${page.message}.`);
  return answerJson(200, { requests: page.requests.map(requestView), nextCursor: page.nextCursor });
}
