import type { Command } from 'commander';

/** Examples by command, shown below each command's options. */
export const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  request: [
    'glasshammer request prod ReadOnly 1h "the checkout is down"',
    'glasshammer request Production AdministratorAccess 30m "INC-42: restart the queue" --ticket INC-42 --wait',
    'glasshammer request --account staging --account prod ReadOnly 1h "compare the two"',
  ],
  exec: ['glasshammer exec staging PowerUser 30m --reason "look at the queue" -- aws sqs list-queues'],
  approve: [
    'glasshammer approve req-6c1f',
    'glasshammer approve req-6c1f --duration 30m --note "half of it is enough"',
  ],
  deny: ['glasshammer deny req-6c1f "not during the freeze"'],
  end: ['glasshammer end', 'glasshammer end req-6c1f --note "the incident is over"'],
  extend: ['glasshammer extend req-6c1f 30m "still restoring"'],
  review: ['glasshammer review req-6c1f3a', 'glasshammer review req-6c1f3a --question "why was the key read?"'],
  answer: ['glasshammer answer req-6c1f3a "for the migration, see INC-42"'],
  find: [
    'glasshammer find --user ana@example.com --state refused,denied',
    'glasshammer find --break-glass --no-reviewed --from 2026-01-01T00:00:00Z --csv',
  ],
  'operate freeze': ['glasshammer operate freeze --reason "incident 42"'],
  'why-not': ['glasshammer why-not prod AdministratorAccess 4h'],
  doctor: ['glasshammer doctor', 'glasshammer doctor --stack Glasshammer --json'],
  requests: [
    'glasshammer requests --stack Glasshammer',
    'glasshammer requests --user ana@example.com --all',
    'glasshammer requests --account 123456789012 --json',
  ],
  activity: ['glasshammer activity req-6c1f --stack Glasshammer', 'glasshammer activity req-6c1f --json'],
  revoke: [
    'glasshammer revoke --request 6c1f --reason "wrong account"',
    'glasshammer revoke --user ana@example.com --stack Glasshammer',
    'glasshammer revoke --all --reason "incident 42"',
  ],
  freeze: ['glasshammer freeze --reason "incident 42"'],
  thaw: ['glasshammer thaw --reason "incident 42 is over"'],
  'drift status': ['glasshammer drift status --stack Glasshammer'],
  'guard attach': [
    'glasshammer guard attach --permission-set BreakGlassAdmin',
    'glasshammer guard attach --permission-set PowerUserAccess --attached --accept-risk',
  ],
  'guard prove': [
    'glasshammer guard prove --account Sandbox --permission-set BreakGlassAdmin --break-glass',
    'glasshammer guard prove --account 123456789012 --permission-set ReadOnlyAccess --limit 2m --json',
  ],
  'audit ask': [
    'glasshammer audit ask who-had-what --day 2026-01-05 --stack Glasshammer',
    'glasshammer audit ask ended-on-time --account Production --json',
    'glasshammer audit ask policy-when-granted --request 6c1f --bucket archive',
  ],
  'audit replay': ['glasshammer audit replay --from 2026-01-05 --to 2026-01-06 --stack Glasshammer'],
  'principal set': ['glasshammer principal set U0123ABCD ana@example.com --aws --stack Glasshammer'],
  'principal push': ['glasshammer principal push people.yaml --aws --stack Glasshammer --yes'],
  completion: ['glasshammer completion bash', 'glasshammer completion zsh', 'glasshammer completion fish'],
  'policy check': ['glasshammer policy check policies.yaml --aws'],
  'policy explain': [
    'glasshammer policy explain --user ana@example.com --account Production --permission-set ReadOnlyAccess --aws --stack Glasshammer',
    'glasshammer policy explain --file policies.yaml --directory directory.yaml --user ana --group On-call --duration 2h',
  ],
  'policy test': ['glasshammer policy test cases.yaml'],
  'policy reach': ['glasshammer policy reach policies.yaml --aws --account Production --fail-on AdministratorAccess'],
  'policy plan': ['glasshammer policy plan policies.yaml --aws --stack Glasshammer'],
  'policy push': ['glasshammer policy push policies.yaml --aws --stack Glasshammer --yes'],
  'policy propose': ['glasshammer policy propose policies.yaml --note "Eva reads staging"'],
  'policy proposal': ['glasshammer policy proposal change-6c1f0a2b3c4d5e6f7a8b'],
  'policy accept': ['glasshammer policy accept change-6c1f0a2b3c4d5e6f7a8b --hash 9f86d081…'],
  'policy pull': ['glasshammer policy pull --stack Glasshammer -o policies.yaml'],
  'slack-manifest': ['glasshammer slack-manifest --url https://abc123.execute-api.eu-central-1.amazonaws.com'],
};

/** Shows each command's examples below its options. */
export function showExamples(program: Command): void {
  for (const [path, lines] of Object.entries(EXAMPLES)) {
    const text = `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}\n`;
    commandAt(program, path)?.addHelpText('after', text);
  }
}

/** The command with this path; `undefined` where there is none. */
export function commandAt(program: Command, path: string): Command | undefined {
  return path
    .split(' ')
    .reduce<Command | undefined>((at, word) => at?.commands.find((command) => command.name() === word), program);
}
