import type { Screen } from '../../slack/model.ts';

/** The answer of `GET /sandbox/state`, with the fields that the page shows. Instants are ISO 8601. */
export interface SandboxState {
  now: string;
  /** Virtual seconds per real second. */
  speed?: number;
  requests: PageRequest[];
  assignments: { principalType?: string; principalId: string; accountId: string; permissionSetArn: string }[];
  /** Credentials that were fetched in the portal and have not expired. */
  sessions?: {
    principalId: string;
    accountId: string;
    permissionSetArn: string;
    credentials: { accessKeyId: string; issuedAt: string; expiration: string };
  }[];
  memberships: { groupId: string; principalId: string }[];
  emails: { from: string; to: string[]; subject: string; text: string; html: string; at: string }[];
  executions: { name: string; status: string; state?: string | null }[];
  alarms: unknown[];
  directory?: Directory;
  slack: { screen: Screen /** The company has no Slack. */; absent?: boolean };
}

/** The names for the ids. */
export interface Directory {
  users: { id: string; userName: string; displayName: string }[];
  groups: { id: string; displayName: string }[];
  accounts: { id: string; name: string }[];
  permissionSets: { arn: string; name: string }[];
}

export interface PageRequest {
  id: string;
  state: string;
  requester: { slackId: string; principalId: string; userName: string; displayName?: string };
  target: { accountId?: string; permissionSetArn?: string; groupId?: string };
  names?: { accountName?: string; permissionSetName?: string; groupName?: string };
  reason: string;
  startsAt: string;
  endsAt: string;
  endedAt?: string;
  sessionSeconds?: number;
  origin?: { kind: string };
  joins?: unknown[];
  breakGlass?: boolean;
  events: { type: string; at: string; by: string; state?: string; note?: string }[];
}

export type { Screen };

/** Looks up names for ids; an id without a name stands for itself. */
export class Names {
  readonly #names = new Map<string, string>();
  readonly #userNames = new Map<string, string>();

  constructor(state: SandboxState) {
    const { users = [], groups = [], accounts = [], permissionSets = [] } = state.directory ?? {};
    for (const { id, displayName } of [...users, ...groups]) this.#names.set(id, displayName);
    for (const { id, userName } of users) this.#userNames.set(id, userName);
    for (const { id, name } of accounts) this.#names.set(id, name);
    for (const { arn, name } of permissionSets) this.#names.set(arn, name);
    for (const { id, realName } of state.slack.screen.users) if (!this.#names.has(id)) this.#names.set(id, realName);
    this.#names.set('glasshammer', 'Glasshammer');
  }

  of(id: string): string {
    return this.#names.get(id) ?? id;
  }

  /** The name with which the person signs in; the id where it is unknown. */
  userName(id: string): string {
    return this.#userNames.get(id) ?? id;
  }
}
