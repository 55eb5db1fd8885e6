/** The part of `GET /sandbox/state` that scenarios look at. */
export interface State {
  now: string;
  requests: {
    id: string;
    state: string;
    requester: { slackId: string; principalId: string; userName: string };
    target: { accountId?: string; permissionSetArn?: string; groupId?: string };
    startsAt: string;
    endsAt: string;
    reason: string;
    durationSeconds: number;
    origin: { kind: string; channel?: string; messageTs?: string };
    refusal?: { reason: string; detail?: string };
    failure?: string;
    path?: string;
    grant?: { standing: boolean };
    endedAt?: string;
    accessId?: string;
    review?: { status: string };
    events: { type: string; at: string; by: string; state?: string; note?: string }[];
  }[];
  accesses: {
    id: string;
    state: string;
    principalId: string;
    startedAt: string;
    endsAt: string;
    requestIds: string[];
    standing: boolean;
    sessionsCutAt: string | null;
  }[];
  assignments: { principalType: string; principalId: string; accountId: string; permissionSetArn: string }[];
  memberships: { groupId: string; principalId: string }[];
  messages: { channel: string; ts: string; threadTs: string | null; text: string; blocks: Block[]; edits: number }[];
  ephemerals: { user: string; channel: string; text: string }[];
  views: {
    user: string;
    type: string;
    view: { id?: string; callback_id?: string; private_metadata?: string; blocks: Block[] };
  }[];
  emails: {
    from: string;
    to: string[];
    subject: string;
    text: string;
    html: string;
    at: string;
    headers: Record<string, string>;
  }[];
  executions: { name: string; status: string; state: string | null }[];
  alarms: { id: string; state: string; at: string; endedAt?: string }[];
  calls: Record<string, number>;
}

export interface Block {
  type: string;
  elements?: { type: string; action_id?: string; value?: string; url?: string; text?: { text: string } }[];
  text?: { text: string };
}

/** The address to which the sandbox sends reports (sandbox/server/environment.ts). */
const REPORTS_TO = 'security@example.com';

/** Mails with the final edition of a report: no first editions, and no mails to requesters about their own requests. */
export function finalReports({ emails }: Pick<State, 'emails'>): State['emails'] {
  return emails.filter(({ to, text }) => to.includes(REPORTS_TO) && !text.includes('First edition:'));
}
