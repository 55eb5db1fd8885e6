/**
 * Names of the environment variables the functions read. The stack sets the variables by these names and the functions
 * read them by these names, so the two cannot differ.
 */
export const ENVIRONMENT = {
  /** Name of the access table: who may have what, in policies and records that people write. */
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
  /** Name of the file in the function's bundle with all other settings, as JSON: see `settings.ts`. */
  settings: 'GLASSHAMMER_SETTINGS',
  /**
   * ARNs of the roles of the functions that change assignments, separated by commas: changes by these roles are no
   * drift.
   */
  ownRoles: 'OWN_ROLE_ARNS',
  /** Base address of Slack's Web API; set only if it is not slack.com. */
  slackApi: 'SLACK_API_URL',
  /** Issuer of the web console's tokens, which is the user pool; set only if there is a console. */
  consoleIssuer: 'CONSOLE_ISSUER',
  /** Address of the web console, without a slash at the end; set only if there is a console. */
  consoleUrl: 'CONSOLE_URL',
  /** Client id of the web console in the user pool. */
  consoleClient: 'CONSOLE_CLIENT',
  /** Name of the stack, as operators type it. */
  stack: 'GLASSHAMMER_STACK',
  /** Version of Glasshammer that was deployed. */
  version: 'GLASSHAMMER_VERSION',
} as const;

/** Name of the settings file beside a function's code. */
export const SETTINGS_FILE = 'settings.json';

export type EnvironmentKey = keyof typeof ENVIRONMENT;

/** The variables that each function needs. The stack gives a function exactly these. */
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
  // Without the Slack secret: the API never calls Slack.
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
  // Asks as a person would, but never calls Slack.
  'try-access': ['accessTable', 'requestTable', 'stateMachine', 'instance', 'identityStore', 'settings'],
  // Answers the API's calls about changes of the policies; only API Gateway may invoke it.
  'change-policies': ['accessTable', 'requestTable', 'instance', 'identityStore', 'settings'],
  'audit-to-bus': ['auditBus'],
  'audit-to-archive': ['auditBucket'],
} as const satisfies Record<string, readonly EnvironmentKey[]>;

/** The variables that a function reads if they are set. */
export const SET_SOMETIMES: Partial<Record<keyof typeof FUNCTION_ENVIRONMENT, readonly EnvironmentKey[]>> = {
  'access-requested': ['consoleUrl'],
  // A deployment changes the code and the variables of a function one after the other, so a new variable may be missing
  // for a moment.
  api: ['consoleIssuer', 'consoleClient', 'stack', 'version'],
  'change-policies': ['consoleIssuer', 'consoleClient'],
  // These functions tell people: in Slack if it is configured, and with a link to the console if there is one.
  'ask-for-approval': ['slackSecret', 'consoleUrl'],
  'announce-access': ['slackSecret', 'consoleUrl'],
  'report-on-access': ['slackSecret', 'consoleUrl'],
  'watch-assignments': ['slackSecret', 'consoleUrl'],
};

/** The functions that change assignments. */
export const CHANGING_FUNCTIONS = ['grant-access', 'revoke-access', 'sweep-access'] as const;
export type ChangingFunction = (typeof CHANGING_FUNCTIONS)[number];

/**
 * The functions that are deployed only if the configuration asks for them, by the part of the configuration that does.
 */
export const OPTIONAL_FUNCTIONS = {
  slack: 'access-requested',
  api: 'api',
  canary: 'try-access',
  policyChanges: 'change-policies',
} as const satisfies Record<string, keyof typeof FUNCTION_ENVIRONMENT>;

export type FunctionName = keyof typeof FUNCTION_ENVIRONMENT;

export const FUNCTION_NAMES = Object.keys(FUNCTION_ENVIRONMENT) as readonly FunctionName[];
