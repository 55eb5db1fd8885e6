import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as sfn from '@aws-sdk/client-sfn';
import * as ssoAdmin from '@aws-sdk/client-sso-admin';
import type { Driver } from './driver.ts';

/** What a script printed, and its exit code. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/**
 * A terminal whose `aws` calls a sandbox: scripts run in bash, word for word, and each `aws` command becomes the same
 * call of the SDK. It knows the few commands and options that operators are told to type, and refuses all others.
 */
export class Terminal {
  readonly #driver: Driver;
  readonly #folder = mkdtempSync(join(tmpdir(), 'terminal-'));
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const argv = JSON.parse(Buffer.concat(chunks).toString()) as string[];
      this.#aws(argv).then(
        (out) => response.end(JSON.stringify({ code: 0, out })),
        (error: Error) => response.end(JSON.stringify({ code: 254, err: `${error.name}: ${error.message}\n` })),
      );
    });
  });
  readonly #listening = new Promise<string>((done) => {
    this.#server.listen(0, '127.0.0.1', () => done(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`));
  });

  constructor(driver: Driver) {
    this.#driver = driver;
    const program = `#!${process.execPath}
const answer = await fetch(process.env.TERMINAL, { method: 'POST', body: JSON.stringify(process.argv.slice(2)) });
const { code, out = '', err = '' } = await answer.json();
process.stdout.write(out);
process.stderr.write(err);
process.exitCode = code;
`;
    const aws = join(this.#folder, 'aws');
    writeFileSync(aws, program);
    writeFileSync(join(this.#folder, 'package.json'), '{"type":"module"}');
    chmodSync(aws, 0o755);
  }

  close(): void {
    this.#server.close();
    rmSync(this.#folder, { recursive: true });
  }

  /** Runs a script in bash, with these variables set. */
  async run(script: string, variables: Readonly<Record<string, string>>): Promise<Ran> {
    const env = {
      ...variables,
      PATH: `${this.#folder}${delimiter}${process.env.PATH ?? ''}`,
      TERMINAL: await this.#listening,
    };
    return new Promise((done, failed) => {
      const bash = spawn('bash', ['--norc', '--noprofile', '-c', script], { env, stdio: ['ignore', 'pipe', 'pipe'] });
      const said = { out: '', err: '' };
      bash.stdout.on('data', (chunk: Buffer) => {
        said.out += chunk.toString();
      });
      bash.stderr.on('data', (chunk: Buffer) => {
        said.err += chunk.toString();
      });
      bash.on('error', failed);
      bash.on('close', (code) => done({ code: code ?? 1, ...said }));
    });
  }

  async #aws(argv: readonly string[]): Promise<string> {
    const [service = '', command = '', ...rest] = argv;
    const outfile = service === 'lambda' ? rest.pop() : undefined;
    const { query, output, ...given } = optionsOf(rest);
    const answer = await this.#call(service, command, given, outfile);
    if (query === undefined) return `${JSON.stringify(answer)}\n`;
    const found = lookUp(answer, query);
    return `${output === 'text' ? [found].flat().join('\t') : JSON.stringify(found)}\n`;
  }

  async #call(service: string, command: string, given: Given, outfile: string | undefined): Promise<unknown> {
    const config = {
      endpoint: this.#driver.running.url,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'AKIAOPERATOR', secretAccessKey: 'operator' },
      maxAttempts: 1,
    };
    const name = pascalCase(command);
    if (service === 'dynamodb') {
      const Command = commandIn(dynamodb, name);
      return new dynamodb.DynamoDBClient(config).send(new Command(inputOf(given, pascalCase, DYNAMODB)) as never);
    }
    if (service === 'stepfunctions') {
      const Command = commandIn(sfn, name);
      return new sfn.SFNClient(config).send(new Command(inputOf(given, camelCase, STEP_FUNCTIONS)) as never);
    }
    if (service === 'sso-admin') {
      const Command = commandIn(ssoAdmin, name);
      return new ssoAdmin.SSOAdminClient(config).send(new Command(inputOf(given, pascalCase, SSO_ADMIN)) as never);
    }
    if (service === 'lambda' && command === 'invoke' && outfile === '/dev/stdout') {
      const { FunctionName, Payload } = inputOf(given, pascalCase, LAMBDA) as { FunctionName: string; Payload: string };
      const { host } = this.#driver.running.current();
      return host.invoke(FunctionName.replace(/^glasshammer-/, ''), Payload);
    }
    throw new Error(`this terminal has no aws ${service} ${command}`);
  }
}

type Given = Readonly<Record<string, string | true>>;
type Kind = 'text' | 'json' | 'flag';

const DYNAMODB: Readonly<Record<string, Kind>> = {
  'table-name': 'text',
  'index-name': 'text',
  item: 'json',
  key: 'json',
  'condition-expression': 'text',
  'key-condition-expression': 'text',
  'filter-expression': 'text',
  'expression-attribute-names': 'json',
  'expression-attribute-values': 'json',
  'consistent-read': 'flag',
};
const STEP_FUNCTIONS: Readonly<Record<string, Kind>> = {
  'state-machine-arn': 'text',
  'execution-arn': 'text',
  name: 'text',
  input: 'text',
  error: 'text',
  cause: 'text',
};
const SSO_ADMIN: Readonly<Record<string, Kind>> = {
  'instance-arn': 'text',
  'target-id': 'text',
  'target-type': 'text',
  'permission-set-arn': 'text',
  'principal-type': 'text',
  'principal-id': 'text',
};
const LAMBDA: Readonly<Record<string, Kind>> = {
  'function-name': 'text',
  payload: 'json',
  'cli-binary-format': 'text',
};

function optionsOf(words: readonly string[]): Given & { query?: string; output?: string } {
  const given: Record<string, string | true> = {};
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (!word.startsWith('--')) throw new Error(`what is ${word}?`);
    const value = words[at + 1];
    const isFlag = value === undefined || value.startsWith('--');
    given[word.slice(2)] = isFlag ? true : value;
    if (!isFlag) at += 1;
  }
  return given as Given & { query?: string; output?: string };
}

function inputOf(given: Given, rename: (name: string) => string, known: Readonly<Record<string, Kind>>): object {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      const kind = known[name];
      if (kind === undefined || (kind === 'flag') !== (value === true)) throw new Error(`unknown option --${name}`);
      return [rename(name), kind === 'json' ? JSON.parse(String(value)) : value];
    }),
  );
}

function commandIn(sdk: object, name: string): new (input: object) => object {
  const command = (sdk as Record<string, unknown>)[`${name}Command`];
  if (typeof command !== 'function') throw new Error(`the SDK has no ${name}`);
  return command as new (
    input: object,
  ) => object;
}

/** Evaluates the few forms of JMESPath that the scripts use: a path, with `[]` for every element. */
function lookUp(value: unknown, path: string): unknown {
  if (!/^[\w.[\]]+$/.test(path)) throw new Error(`cannot read the query ${path}`);
  let found: unknown = value;
  for (const step of path.split('.')) {
    const [, name = '', list] = /^(\w+)(\[\])?$/.exec(step) ?? [];
    const into = (one: unknown): unknown => (one as Record<string, unknown> | undefined)?.[name];
    found = Array.isArray(found) ? found.map(into) : into(found);
    if (list !== undefined) found = [found].flat(2);
  }
  return found;
}

function pascalCase(words: string): string {
  return words.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function camelCase(words: string): string {
  return words.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
