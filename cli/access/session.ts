import * as z from 'zod';
import { pickNamed } from '../../core/access/request/target/pick-named.ts';
import { ACCOUNT_ID } from '../../core/model/target.ts';
import { UsageError } from '../terminal/io.ts';
import type { ApiServices, CallApi } from './api-client.ts';
import { EXIT } from './exit-codes.ts';

/** A refusal, or a call that the API did not understand: one line, and the exit code that docs/cli.md gives it. */
export class ApiProblemError extends Error {
  override readonly name: string = 'ApiProblemError';
  readonly exitCode: number;
  /** Status of the HTTP answer. */
  readonly status: number;
  /** The reason as a code for programs; empty where the API itself did not answer. */
  readonly reason: string;
  /** The API's answer, for `--json`. */
  readonly problem: unknown;

  constructor(message: string, exitCode: number, problem: unknown, status: number, reason = '') {
    super(message);
    this.exitCode = exitCode;
    this.status = status;
    this.reason = reason;
    this.problem = problem;
  }
}

const problemSchema = z.object({
  reason: z.string(),
  detail: z.string(),
  nearest: z.string().optional(),
  refusal: z.unknown().optional(),
});

const requestSchema = z.looseObject({
  id: z.string(),
  state: z.string(),
  requester: z.looseObject({ userName: z.string() }),
  target: z.looseObject({
    accountId: z.string().optional(),
    accountName: z.string().optional(),
    permissionSet: z.string().optional(),
    groupName: z.string().optional(),
    groupId: z.string().optional(),
  }),
  reason: z.string(),
  duration: z.string(),
  endsAt: z.string().nullable(),
  expiresAt: z.string().nullable(),
  accessId: z.string().nullable(),
  votesNeeded: z.number(),
  refusal: z.looseObject({ sentence: z.string() }).nullable(),
  joins: z.array(z.string()).optional(),
});

/** A request as the API shows it, with the fields that a terminal uses. */
export type ShownRequest = z.output<typeof requestSchema>;

const pageSchema = z.object({ requests: z.array(requestSchema), nextCursor: z.string().nullable() });
const whoamiSchema = z.looseObject({ userId: z.string(), portalUrl: z.string() });
const targetsSchema = z.looseObject({ accounts: z.array(z.looseObject({ id: z.string(), name: z.string() })) });
const setsSchema = z.looseObject({ permissionSets: z.array(z.looseObject({ name: z.string(), arn: z.string() })) });
const previewSchema = z.looseObject({
  outcome: z.enum(['granted', 'needs-approval', 'refused']),
  breakGlass: z.boolean(),
  problems: z.array(z.looseObject({ sentence: z.string() })),
  nearest: z.string().nullable(),
  longest: z.string().nullable(),
  approvers: z.array(z.string()),
  approverCount: z.number(),
  votesNeeded: z.number(),
});

const operatedSchema = z.looseObject({
  changed: z.boolean().optional(),
  userName: z.string().optional(),
  revoked: z.array(z.looseObject({ outcome: z.string(), request: requestSchema })).optional(),
});

/** Result of an operator's command. */
export type Revoked = z.output<typeof operatedSchema>;

export type ShownPreview = z.output<typeof previewSchema>;

/** An account and a permission set, as the API expects them. */
export interface Target {
  readonly accountId: string;
  readonly permissionSet: string;
}

interface Named {
  readonly id: string;
  readonly name: string;
}

/** One person's session at the API: every call is below the person's own path. */
export class Session {
  readonly portalUrl: string;
  readonly #path: string;
  readonly #call: CallApi;

  private constructor(call: CallApi, { userId, portalUrl }: z.output<typeof whoamiSchema>) {
    this.#call = call;
    this.#path = `/people/${encodeURIComponent(userId)}`;
    this.portalUrl = portalUrl;
  }

  /** Asks the API who the caller is. @throws ApiProblemError */
  static async begin({ call }: ApiServices): Promise<Session> {
    return new Session(call, await read(call('GET', '/whoami'), whoamiSchema));
  }

  async request(body: object, key: string): Promise<ShownRequest> {
    return this.send('/requests', body, requestSchema, key);
  }

  /** The request that was made with this key. @throws ApiProblemError `unknown-request` while there is none */
  async asked(key: string): Promise<ShownRequest> {
    return read(this.#call('GET', `${this.#path}/asked`, undefined, { 'idempotency-key': key }), requestSchema);
  }

  async extend(id: string, body: object, key: string): Promise<ShownRequest> {
    return this.send(`/requests/${id}/extensions`, body, requestSchema, key);
  }

  async act(id: string, verb: 'votes' | 'end' | 'cancel' | 'review' | 'answer', body: object): Promise<ShownRequest> {
    return this.send(`/requests/${id}/${verb}`, body, requestSchema);
  }

  async get(id: string): Promise<ShownRequest> {
    return this.look(`/requests/${encodeURIComponent(id)}`, requestSchema);
  }

  async evaluate(body: object): Promise<ShownPreview> {
    return this.send('/evaluations', body, previewSchema);
  }

  /** All entries, from every page. */
  async list(which: 'requests' | 'pending' | 'reviews'): Promise<ShownRequest[]> {
    const all: ShownRequest[] = [];
    for await (const request of this.#pages(which, {})) all.push(request);
    return all;
  }

  /** All requests that match a query. Pages are read when they are needed; some pages are empty. */
  all(query: Readonly<Record<string, string>>): AsyncIterable<ShownRequest> {
    return this.#pages('all/requests', { limit: '100', ...query });
  }

  /** The same as CSV, with one heading. @param write receives one page after another */
  async exportAll(query: Readonly<Record<string, string>>, write: (text: string) => void): Promise<void> {
    let isFirst = true;
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const asked = { limit: '100', ...query, ...(cursor === '' ? {} : { cursor }) };
      const answer = await this.#call('GET', `${this.#path}/all/requests.csv?${new URLSearchParams(asked)}`);
      // An error answer is JSON, not CSV; `read` throws it.
      if (answer.status >= 300) await read(Promise.resolve(answer), z.never());
      const { text = '' } = answer;
      write(isFirst ? text : text.slice(text.indexOf('\n') + 1));
      isFirst = false;
      cursor = answer.nextCursor;
    }
  }

  /** Runs an operator's command. @throws ApiProblemError */
  async operate(verb: 'freeze' | 'thaw' | 'revoke' | 'lock' | 'unlock', body: object): Promise<Revoked> {
    return this.send(`/operate/${verb}`, body, operatedSchema);
  }

  async *#pages(which: string, query: Readonly<Record<string, string>>): AsyncIterable<ShownRequest> {
    let cursor = '';
    do {
      const asked = new URLSearchParams({ ...query, ...(cursor === '' ? {} : { cursor }) }).toString();
      const page = await read(
        this.#call('GET', `${this.#path}/${which}${asked === '' ? '' : `?${asked}`}`),
        pageSchema,
      );
      yield* page.requests;
      cursor = page.nextCursor ?? '';
    } while (cursor !== '');
  }

  /**
   * Finds the account and the permission set that two words mean, among those that the person may ask for.
   *
   * @throws UsageError where a word matches nothing, or several entries
   */
  async target(account: string, permissionSet: string): Promise<Target> {
    const why = 'glasshammer why-not says why';
    const accountId = await this.#account(account, why);
    return { accountId, permissionSet: only('permission set', permissionSet, await this.#sets(accountId), why) };
  }

  /** The name of a permission set that `target` has found. */
  async permissionSetName(accountId: string, arn: string): Promise<string> {
    return (await this.#sets(accountId)).find(({ id }) => id === arn)?.name ?? arn;
  }

  /**
   * The same for `why-not`. Lists contain only what the person may ask for, so an account id, and the name of a
   * permission set that is not listed, are taken as they are.
   *
   * @throws UsageError where a word matches several entries, or no account
   */
  async targetForWhyNot(account: string, permissionSet: string): Promise<Target> {
    const accountId = ACCOUNT_ID.test(account) ? account : await this.#account(account, 'name another by its id');
    const sets = await this.#sets(accountId);
    if (pickNamed(sets, permissionSet) === undefined) return { accountId, permissionSet };
    return { accountId, permissionSet: only('permission set', permissionSet, sets, '') };
  }

  /** Searches by the word first, because the API returns only a part of a long list. */
  async #account(word: string, otherwise: string): Promise<string> {
    const found = await this.#accounts(`?q=${encodeURIComponent(word.trim())}`);
    return only('account', word, pickNamed(found, word) === undefined ? await this.#accounts('') : found, otherwise);
  }

  async #accounts(query: string): Promise<readonly Named[]> {
    return (await this.look(`/targets${query}`, targetsSchema)).accounts;
  }
  async #sets(accountId: string): Promise<readonly Named[]> {
    return (await this.look(`/targets/${accountId}`, setsSchema)).permissionSets.map(({ arn, name }) => ({
      id: arn,
      name,
    }));
  }
  async look<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    return read(this.#call('GET', `${this.#path}${path}`), schema);
  }

  /** @param key repeated calls with the same key have no further effect */
  async send<T>(path: string, body: object, schema: z.ZodType<T>, key?: string): Promise<T> {
    const headers: Record<string, string> = key === undefined ? {} : { 'idempotency-key': key };
    return read(this.#call('POST', `${this.#path}${path}`, body, headers), schema);
  }
}

/** @param otherwise advice where the word matches nothing */
function only(kind: string, word: string, entries: readonly Named[], otherwise: string): string {
  const picked = pickNamed(entries, word);
  if (picked === undefined) {
    const some = entries.slice(0, 5).map(({ name }) => name);
    const more = entries.length > 5 ? ' …' : '';
    const known = some.length === 0 ? 'you may ask for none' : `you may ask for ${some.join(', ')}${more}`;
    throw new UsageError(`there is no ${kind} ${word} you may ask for: ${known}; ${otherwise}`);
  }
  if (picked.others.length > 0) {
    const all = [picked.one, ...picked.others].slice(0, 5).map(({ name }) => name);
    throw new UsageError(`${word} may be ${all.join(' or ')}: write more of the name, or the id`);
  }
  return picked.one.id;
}

/** @throws ApiProblemError for an error, and for an answer that does not fit the schema */
async function read<T>(answering: ReturnType<CallApi>, schema: z.ZodType<T>): Promise<T> {
  const { status, json, errorType = '' } = await answering;
  if (status < 300) {
    const parsed = schema.safeParse(json);
    if (parsed.success) return parsed.data;
    const words = 'the API answers in a way this version does not know: update the checkout';
    throw new ApiProblemError(words, EXIT.failed, json, status);
  }
  const problem = problemSchema.safeParse(json);
  if (problem.success) {
    const { detail, nearest, reason, refusal } = problem.data;
    const instead = nearest === undefined ? '' : ` Nearest: ${nearest}.`;
    const hint = reason === 'break-glass-unconfirmed' ? ' Add --break-glass.' : '';
    const exitCode = refusal === undefined ? EXIT.failed : EXIT.refused;
    throw new ApiProblemError(`${detail}${instead}${hint}`, exitCode, json, status, reason);
  }
  const said = (json ?? {}) as { readonly message?: unknown; readonly Message?: unknown };
  const words = String(said.message ?? said.Message ?? `status ${status}`);
  const exitCode = status === 403 ? EXIT.awsRefused : EXIT.failed;
  throw new ApiProblemError(gatewayWords(status, errorType, words), exitCode, json, status);
}

/**
 * A text for an answer that API Gateway gave itself, without the API.
 *
 * @param errorType header `x-amzn-errortype`: a stable name for the error
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
function gatewayWords(status: number, errorType: string, words: string): string {
  if (status === 429) return 'there are too many calls at once: try again in a minute';
  switch (errorType.split(':')[0]) {
    case 'ExpiredTokenException':
    case 'UnrecognizedClientException':
      return 'your AWS session has expired: aws sso login';
    case 'InvalidSignatureException':
    case 'IncompleteSignatureException':
      return 'AWS does not take the signature: is the clock of this machine right, and are the credentials?';
    case 'AccessDeniedException':
      return 'this session may not call the API: it has to be one of Identity Center whose permission set allows execute-api:Invoke (docs/api/README.md)';
    case 'MissingAuthenticationTokenException':
    case 'ForbiddenException':
      return 'there is no API at this address: GLASSHAMMER_API is the output ApiUrl of the stack, with /v1 at its end';
    default:
      return `the API cannot be used now: ${words}`;
  }
}
