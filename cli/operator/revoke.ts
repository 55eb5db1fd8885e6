import {
  isSelected,
  type RevokedRequest,
  revokeAll,
  type Selection,
} from '../../core/access/lease/revoke/revoke-all.ts';
import { ALL_STATES } from '../../core/model/life-cycle.ts';
import { ACCOUNT_ID } from '../../core/model/target.ts';
import { operatorNameInEmergency } from '../deployment/operator-name.ts';
import { type CliIo, UsageError } from '../terminal/io.ts';
import { line, row } from '../terminal/terminal-text.ts';
import { cellsOf } from './request-line.ts';
import type { OperatorServices } from './services.ts';

/** Options of `glasshammer revoke`; exactly one selects the requests. */
export interface RevokeOptions {
  readonly request?: string;
  readonly user?: string;
  readonly account?: string;
  readonly all?: boolean;
  /** The reason, for the requester and the audit. */
  readonly reason?: string;
}

/**
 * Ends the selected requests and prints the outcome of each. When this returns, AWS may still be removing the access.
 *
 * @throws UsageError when no request ever matched the selection: a mistyped id must not look like success
 */
export async function revoke(selection: Selection, services: OperatorServices, io: CliIo, reason = ''): Promise<void> {
  const counts: Record<RevokedRequest['outcome'], number> = {
    ending: 0,
    'already-ending': 0,
    cancelled: 0,
    'already-over': 0,
    stays: 0,
    'changed-meanwhile': 0,
    failed: 0,
  };
  const stopping = { ...services, now: io.now, operator: await operatorNameInEmergency(io), reason };
  const errors = new Set<string>();
  for await (const { request, outcome, error } of revokeAll(selection, stopping)) {
    io.stdout(row(outcome, ...cellsOf(request)));
    counts[outcome] += 1;
    if (error !== undefined) errors.add(error);
  }
  const ending = counts.ending + counts['already-ending'];
  if (ending > 0)
    io.about(
      line(
        `${requests(ending)} ending: AWS is taking the access back; glasshammer requests lists what is not gone yet`,
      ),
    );
  if (counts.cancelled > 0) io.about(line(`${requests(counts.cancelled)} cancelled: no access was given`));
  if (counts.stays > 0)
    io.about(
      line(
        `${requests(counts.stays)} beginning later for the same target: not ended; name it with --request, or the user`,
      ),
    );
  const left = counts['changed-meanwhile'] + counts.failed;
  if (left > 0) {
    const why = errors.size === 0 ? 'changed meanwhile' : `not ended, or not all the way (${[...errors].join(', ')})`;
    io.stderr(line(`${requests(left)} ${why}; run the same command again`));
    io.exitWith(1);
  } else if (ending + counts.cancelled + counts['already-over'] === 0) {
    io.about(line(`nothing to end: ${await whyNothing(selection, services)}`));
  }
}

/** The selection that `revoke` ends. @throws UsageError unless exactly one option is given */
export function selectionOf({ request, user, account, all }: RevokeOptions): Selection {
  const given: Selection[] = [
    ...(request === undefined ? [] : [{ requestId: request }]),
    ...(user === undefined ? [] : [{ user }]),
    ...(account === undefined ? [] : [{ accountId: account }]),
    ...(all === true ? [{ all: true } as const] : []),
  ];
  const [one] = given;
  if (one === undefined || given.length > 1) {
    throw new UsageError('say what to end: exactly one of --request ID, --user USER, --account ID, --all');
  }
  if (account !== undefined) accountIdOf(account);
  return one;
}

/** @throws UsageError for a text that is no account id */
export function accountIdOf(account: string): string {
  if (!ACCOUNT_ID.test(account)) throw new UsageError(`--account must be twelve digits, not ${account}`);
  return account;
}

async function whyNothing(selection: Selection, { requests }: OperatorServices): Promise<string> {
  if ('all' in selection) return 'no request is open';
  if ('requestId' in selection) {
    const request = await requests.get(selection.requestId);
    if (request !== undefined) return `request ${request.id} is ${request.state}`;
    throw new UsageError(`--request ${selection.requestId}: there is no such request; see glasshammer requests`);
  }
  // Runs only when no open request matched. It reads all requests until one matches the selection.
  for await (const request of requests.inStates(ALL_STATES)) {
    if (!isSelected(request, selection)) continue;
    return 'user' in selection
      ? `${selection.user} has no open request`
      : `no request is open for account ${selection.accountId}`;
  }
  throw new UsageError(
    'user' in selection
      ? `--user ${selection.user}: nobody of this id, user name or e-mail has ever asked; see glasshammer requests`
      : `--account ${selection.accountId}: nobody has ever asked for this account; see glasshammer requests`,
  );
}

function requests(count: number): string {
  return `${count} ${count === 1 ? 'request' : 'requests'}`;
}
