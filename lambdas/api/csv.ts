import type { AccessRequest } from '../../core/model/request.ts';
import { requestView } from './views.ts';

type View = ReturnType<typeof requestView>;

/** The columns in their order. New columns are only ever appended. */
const COLUMNS: readonly (readonly [
  string,
  (view: View, request: AccessRequest) => string | number | boolean | null | undefined,
])[] = [
  ['id', ({ id }) => id],
  ['state', ({ state }) => state],
  ['requestedAt', ({ requestedAt }) => requestedAt],
  ['userId', ({ requester }) => requester.userId],
  ['userName', ({ requester }) => requester.userName],
  ['accountId', ({ target }) => target.accountId],
  ['accountName', ({ target }) => target.accountName],
  ['permissionSet', ({ target }) => target.permissionSet],
  ['groupId', ({ target }) => target.groupId],
  ['groupName', ({ target }) => target.groupName],
  ['duration', ({ duration }) => duration],
  ['startsAt', ({ startsAt }) => startsAt],
  ['endsAt', ({ endsAt }) => endsAt],
  ['reason', ({ reason }) => reason],
  ['ticket', ({ ticket }) => ticket],
  ['breakGlass', ({ breakGlass }) => breakGlass],
  ['review', (_view, { review }) => review?.status],
  ['accessId', ({ accessId }) => accessId],
  ['extends', (view) => view.extends],
  ['refusal', ({ refusal }) => refusal?.reason],
];

/**
 * Requests as CSV. A text that a spreadsheet would read as a formula gets a leading apostrophe. So does such a text
 * after a semicolon, a tab or a line break, because some spreadsheets end a cell there even within quotes.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export function csvOf(requests: readonly AccessRequest[]): string {
  const rows = requests.map((request) => {
    const view = requestView(request);
    return COLUMNS.map(([, read]) => cellOf(read(view, request)));
  });
  return [COLUMNS.map(([name]) => name), ...rows].map((cells) => `${cells.join(',')}\r\n`).join('');
}

function cellOf(value: string | number | boolean | null | undefined): string {
  const text = String(value ?? '');
  const safe = text.replace(/(^|[;\t\r\n])(?=[=+\-@])/g, "$1'").replace(/^(?=[\t\r])/, "'");
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
