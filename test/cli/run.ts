import { main } from '../../cli/main.ts';
import {
  type CliIo,
  type DescribedStack,
  type LiveStores,
  type TableNames,
  UsageError,
} from '../../cli/terminal/io.ts';
import type { Organization } from '../../core/policy/authoring/organization.ts';
import type { AccessTableWriter } from '../../core/policy/authoring/ports.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Outside {
  /** Content by path. */
  readonly files?: Readonly<Record<string, string>>;
  readonly table?: AccessTableWriter;
  readonly organization?: Organization;
  /** Called with the names of the tables that a command works on. */
  readonly onTables?: (names: TableNames) => void;
  readonly stacks?: Readonly<Record<string, DescribedStack>>;
  readonly env?: CliIo['env'];
  readonly written?: Map<string, string>;
  /** What the request table says about people; nothing by default. */
  readonly live?: Partial<LiveStores>;
  /** ARN of the caller, as STS would return it. */
  readonly caller?: string;
}

/** Runs a command in this process. Files, tables, AWS and the environment come from `outside`. */
export async function run(line: string | readonly string[], outside: Outside = {}): Promise<Ran> {
  let [out, err] = ['', ''];
  let ids = 0;
  const { files = {}, table, organization, written = new Map() } = outside;
  const code = await main(typeof line === 'string' ? line.split(' ') : line, {
    stdout: (text) => {
      out += text;
    },
    stderr: (text) => {
      err += text;
    },
    about: (text) => {
      out += text;
    },
    readFile: async (path) => {
      const content = files[path];
      if (content === undefined) throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' });
      return content;
    },
    writeFile: async (path, text) => {
      written.set(path, text);
    },
    now: () => new Date('2026-01-05T09:00:00Z'),
    newId: () => `id-${++ids}`,
    env: outside.env ?? { ACCESS_TABLE: 'access', REQUEST_TABLE: 'requests' },
    accessTable: async (names) => {
      outside.onTables?.(names);
      if (table === undefined) throw new UsageError('no table in this test');
      return table;
    },
    liveStores: async () => ({
      held: async (_principalId, _target, isExtension) => ({ past: [], isExtension }),
      frozen: async () => undefined,
      locked: async () => undefined,
      assigneesOf: async () => ({ users: new Set<string>(), groups: new Set<string>() }),
      ...outside.live,
    }),
    stack: async (name) => outside.stacks?.[name],
    callerArn: async () => outside.caller ?? 'arn:aws:sts::456789012345:assumed-role/Operators/olga',
    organization: async () => {
      if (organization === undefined) throw new UsageError('no AWS in this test');
      return organization;
    },
  });
  return { code, out, err };
}
