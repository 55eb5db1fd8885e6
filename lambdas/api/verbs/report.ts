import { editionOut } from '../../../core/activity/report/editions/edition-out.ts';
import { retell } from '../../../core/activity/report/editions/retell.ts';
import { refusal } from '../../../core/model/refusal.ts';
import { type ApiAnswer, answerJson } from '../http.ts';
import { refused } from '../problems.ts';
import { reportView } from '../report-view.ts';
import type { Services } from '../services.ts';
import type { Call } from './act.ts';
import { concernedRequest } from './concerned.ts';

/**
 * What was done with the access that a request is part of: the newest edition of its report, from what is stored. What a mail could not
 * be sent of is told as well, because whoever waits for that mail comes here.
 */
export async function getReport(call: Call, all: Services): Promise<ApiAnswer> {
  const found = await concernedRequest(call, all);
  if (found === undefined) return refused(refusal('unknown-request'));
  const { id, accessId = id } = found.request;
  const access = accessId === id ? found.request : await all.requests.get(accessId);
  if (access === undefined) return answerJson(200, { accessId, report: null });
  const isUnsent = access.events.some(({ type }) => type === 'report-unsent');
  const report = (await editionOut(access, all)) ?? (isUnsent ? await all.reports.get(accessId) : undefined);
  if (report === undefined) return answerJson(200, { accessId, report: null });
  // The list itself may have a hundred megabytes, and is in the archive.
  return answerJson(200, { accessId, report: reportView(report, await retell(access, report, [], all)) });
}
