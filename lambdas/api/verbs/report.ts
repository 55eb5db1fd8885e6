import { editionOut } from '../../../core/activity/report/editions/edition-out.ts';
import { retell } from '../../../core/activity/report/editions/retell.ts';
import { SO_FAR_PAUSE_SECONDS, whyNotSoFar } from '../../../core/activity/report/may-see-so-far.ts';
import { refusal } from '../../../core/model/refusal.ts';
import type { AccessRequest } from '../../../core/model/request.ts';
import { log } from '../../shared/log.ts';
import { type ApiAnswer, answerJson } from '../http.ts';
import { toldOnly } from '../problems.ts';
import { reportView } from '../report-view.ts';
import type { Services } from '../services.ts';
import type { Call } from './act.ts';
import { concernedRequest } from './concerned.ts';

/**
 * What was done with the access that a request is part of: the newest edition of its report, from what is stored. What a mail could not
 * be sent of is told as well, because whoever waits for that mail comes here.
 */
export async function getReport(call: Call, all: Services): Promise<ApiAnswer> {
  const access = await accessOf(call, all);
  if (access === undefined) return toldOnly(refusal('unknown-request'));
  const isUnsent = access.events.some(({ type }) => type === 'report-unsent');
  const report = (await editionOut(access, all)) ?? (isUnsent ? await all.reports.get(access.id) : undefined);
  if (report === undefined) return answerJson(200, { accessId: access.id, report: null });
  // The list itself may have a hundred megabytes, and is in the archive.
  return answerJson(200, { accessId: access.id, report: reportView(report, await retell(access, report, [], all)) });
}

/**
 * What was done so far with access that is not reported yet. Reading takes longer than a call may last, and this function may not read
 * CloudTrail: the one that may is handed the question, and what it has kept of its answer is told. Whoever asks again within a minute
 * is told the same.
 */
export async function getActivity(call: Call, all: Services): Promise<ApiAnswer> {
  const access = await accessOf(call, all);
  if (access === undefined) return toldOnly(refusal('unknown-request'));
  const why = whyNotSoFar(access);
  if (why !== undefined) return toldOnly(why);
  const last = await all.soFarAnswers.last(access.id);
  const now = all.now().getTime();
  const isFresh = last !== undefined && now - Date.parse(last.askedAt) < SO_FAR_PAUSE_SECONDS * 1000;
  const { kept } = last ?? {};
  const told = { accessId: access.id, readAt: kept?.readAt ?? null, done: kept?.done ?? null };
  if (isFresh) return answerJson(200, { status: kept === undefined ? 'reading' : 'read', ...told });
  // The same question for everybody who asks within a minute: it starts one execution.
  const askId = `api ${Math.floor(now / (SO_FAR_PAUSE_SECONDS * 1000))}`;
  await all.soFarQuestions.ask({ requestId: access.id, askId, keep: true });
  log('activity.asked', { requestId: access.id });
  return answerJson(200, { status: 'reading', ...told });
}

/** The request that the access lives on which a request is part of; of one that is part of none, itself. `undefined`: it is not there to the caller. */
async function accessOf(call: Call, all: Services): Promise<AccessRequest | undefined> {
  const found = await concernedRequest(call, all);
  if (found === undefined) return undefined;
  const { id, accessId = id } = found.request;
  return accessId === id ? found.request : all.requests.get(accessId);
}
