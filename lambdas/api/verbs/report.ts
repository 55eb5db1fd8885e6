import { editionOut } from '../../../core/activity/report/editions/edition-out.ts';
import { rebuildModel } from '../../../core/activity/report/editions/rebuild-model.ts';
import { SO_FAR_PAUSE_SECONDS, whyNotSoFar } from '../../../core/activity/report/so-far/may-see-so-far.ts';
import { refusal } from '../../../core/model/refusal.ts';
import type { AccessRequest } from '../../../core/model/request.ts';
import { log } from '../../shared/log.ts';
import { type ApiAnswer, answerJson } from '../http.ts';
import { refusedWithoutAudit } from '../problems.ts';
import { reportView } from '../report-view.ts';
import type { Services } from '../services.ts';
import type { Call } from './act.ts';
import { concernedRequest } from './concerned.ts';

/**
 * The newest stored edition of the report on the access that a request is part of. An edition that could not be mailed
 * is shown as well, for readers who wait for that mail.
 */
export async function getReport(call: Call, all: Services): Promise<ApiAnswer> {
  const access = await accessOf(call, all);
  if (access === undefined) return refusedWithoutAudit(refusal('unknown-request'));
  const isUnsent = access.events.some(({ type }) => type === 'report-unsent');
  const report = (await editionOut(access, all)) ?? (isUnsent ? await all.reports.get(access.id) : undefined);
  if (report === undefined) return answerJson(200, { accessId: access.id, report: null });
  // Without the list of calls, which may have a hundred megabytes and is in the archive.
  return answerJson(200, {
    accessId: access.id,
    report: reportView(report, await rebuildModel(access, report, [], all)),
  });
}

/**
 * What was done so far with an access that is not reported yet. This function may not read CloudTrail, and reading
 * takes longer than a call may last. So it hands the question to the function that may, and answers what that has
 * stored. Calls within a minute get the same answer.
 */
export async function getActivity(call: Call, all: Services): Promise<ApiAnswer> {
  const access = await accessOf(call, all);
  if (access === undefined) return refusedWithoutAudit(refusal('unknown-request'));
  const why = whyNotSoFar(access);
  if (why !== undefined) return refusedWithoutAudit(why);
  const last = await all.soFarAnswers.last(access.id);
  const now = all.now().getTime();
  const isFresh = last !== undefined && now - Date.parse(last.askedAt) < SO_FAR_PAUSE_SECONDS * 1000;
  const { kept } = last ?? {};
  const told = { accessId: access.id, readAt: kept?.readAt ?? null, done: kept?.done ?? null };
  if (isFresh) return answerJson(200, { status: kept === undefined ? 'reading' : 'read', ...told });
  // Everybody who asks within the same minute has the same id, so only one execution is started.
  const askId = `api ${Math.floor(now / (SO_FAR_PAUSE_SECONDS * 1000))}`;
  await all.soFarQuestions.ask({ requestId: access.id, askId, keep: true });
  log('activity.asked', { requestId: access.id });
  return answerJson(200, { status: 'reading', ...told });
}

/**
 * The request that the access lives on; a request that has joined no other access is its own. `undefined`: no request
 * that concerns the caller.
 */
async function accessOf(call: Call, all: Services): Promise<AccessRequest | undefined> {
  const found = await concernedRequest(call, all);
  if (found === undefined) return undefined;
  const { id, accessId = id } = found.request;
  return accessId === id ? found.request : all.requests.get(accessId);
}
