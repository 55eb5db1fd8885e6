/**
 * Names of the environment variables the functions read. Constants only: the stack sets what a function needs from here, and
 * the function reads it from here, so the two cannot drift apart.
 */
export const ENVIRONMENT = {
  /** Name of the access table: who may have what, written by people. */
  accessTable: 'ACCESS_TABLE',
  /** Name of the request table: requests, leases, reports, the freeze. */
  requestTable: 'REQUEST_TABLE',
  /** ARN of the Secrets Manager secret `{ "signingSecret": "…", "botToken": "…" }`. */
  slackSecret: 'SLACK_SECRET_ARN',
  /** ARN of the workflow. */
  stateMachine: 'STATE_MACHINE_ARN',
  /** ARN of the Identity Center instance. */
  instance: 'SSO_INSTANCE_ARN',
  /** Id of the identity store. */
  identityStore: 'IDENTITY_STORE_ID',
  /** Name of the event bus that events go to. */
  auditBus: 'AUDIT_BUS',
  /** Name of the bucket that events are archived in. */
  auditBucket: 'AUDIT_BUCKET',
  /** Name of the file in the function's bundle with everything else, as JSON: see `settings.ts`. */
  settings: 'GLASSHAMMER_SETTINGS',
  /** ARNs of the roles of the functions that change assignments, with commas between: what they do is no drift. */
  ownRoles: 'OWN_ROLE_ARNS',
  /** Base address of Slack's Web API; set only where Slack is not slack.com. */
  slackApi: 'SLACK_API_URL',
  /** The user pool, as the tokens of the web console name it; set only where there is a console. */
  consoleIssuer: 'CONSOLE_ISSUER',
  /** Where people ask and decide in a browser, without a slash at the end; set only where there is a console. */
  consoleUrl: 'CONSOLE_URL',
  /** Id of the web console as a client of the pool. */
  consoleClient: 'CONSOLE_CLIENT',
  /** Name of the stack, as operators type it. */
  stack: 'GLASSHAMMER_STACK',
  /** Version of the checkout that was deployed. */
  version: 'GLASSHAMMER_VERSION',
} as const;

/** The file of settings beside a function's code. */
export const SETTINGS_FILE = 'settings.json';

export type EnvironmentKey = keyof typeof ENVIRONMENT;

/** What each function reads. The stack gives a function exactly these. */
export const FUNCTION_ENVIRONMENT = {
  'access-requested': [
    'accessTable',
    'requestTable',
    'slackSecret',
    'stateMachine',
    'instance',
    'identityStore',
    'settings',
  ],
  // Knows nothing of Slack.
  api: ['accessTable', 'requestTable', 'stateMachine', 'instance', 'identityStore', 'settings'],
  'ask-for-approval': ['accessTable', 'requestTable', 'stateMachine', 'instance', 'identityStore', 'settings'],
  'grant-access': ['accessTable', 'requestTable', 'stateMachine', 'instance', 'identityStore', 'settings'],
  'check-assignment': ['requestTable', 'instance', 'identityStore', 'settings'],
  'announce-access': ['requestTable', 'instance', 'identityStore', 'settings'],
  'hold-access': ['requestTable'],
  'revoke-access': ['requestTable', 'stateMachine', 'instance', 'identityStore', 'settings'],
  'cut-sessions': ['requestTable', 'instance', 'settings'],
  'report-on-access': ['accessTable', 'requestTable', 'instance', 'identityStore', 'auditBucket', 'settings'],
  'access-records-changed': ['requestTable', 'instance', 'identityStore'],
  'sweep-access': ['requestTable', 'stateMachine', 'instance', 'identityStore', 'settings'],
  'watch-assignments': ['requestTable', 'stateMachine', 'instance', 'identityStore', 'ownRoles', 'settings'],
  // Asks as a person would, and knows nothing of Slack.
  'try-access': ['accessTable', 'requestTable', 'stateMachine', 'instance', 'identityStore', 'settings'],
  // Answers the calls of the API about changes of the policies, and is called by nobody else.
  'change-policies': ['accessTable', 'requestTable', 'instance', 'identityStore', 'settings'],
  'audit-to-bus': ['auditBus'],
  'audit-to-archive': ['auditBucket'],
} as const satisfies Record<string, readonly EnvironmentKey[]>;

/** What a function reads as well, where it is set. */
export const SET_SOMETIMES: Partial<Record<keyof typeof FUNCTION_ENVIRONMENT, readonly EnvironmentKey[]>> = {
  'access-requested': ['consoleUrl'],
  // Code and variables of a function change one after the other, so what is new here may not be there yet.
  api: ['consoleIssuer', 'consoleClient', 'stack', 'version'],
  'change-policies': ['consoleIssuer', 'consoleClient'],
  // They tell people, in Slack where there is one, with a link to the console where there is one.
  'ask-for-approval': ['slackSecret', 'consoleUrl'],
  'announce-access': ['slackSecret', 'consoleUrl'],
  'report-on-access': ['slackSecret', 'consoleUrl'],
  'watch-assignments': ['slackSecret', 'consoleUrl'],
};

/** The functions that change assignments. */
export const CHANGING_FUNCTIONS = ['grant-access', 'revoke-access', 'sweep-access'] as const;
export type ChangingFunction = (typeof CHANGING_FUNCTIONS)[number];

/** The functions that are there only where the configuration asks for them, by what it asks for. */
export const OPTIONAL_FUNCTIONS = {
  slack: 'access-requested',
  api: 'api',
  canary: 'try-access',
  policyChanges: 'change-policies',
} as const satisfies Record<string, keyof typeof FUNCTION_ENVIRONMENT>;

export type FunctionName = keyof typeof FUNCTION_ENVIRONMENT;

export const FUNCTION_NAMES = Object.keys(FUNCTION_ENVIRONMENT) as readonly FunctionName[];
