import type { Command } from 'commander';
import { stringify } from 'yaml';
import * as z from 'zod';
import { type BuildApi, signedApi } from '../access/api-client.ts';
import { type ApiOptions, asPerson, withApi } from '../access/command.ts';
import { type CliIo, UsageError } from '../terminal/io.ts';
import { line, row } from '../terminal/terminal-text.ts';
import { readEntries, soundPolicySet } from './inputs.ts';

const changeSchema = z.looseObject({
  id: z.string(),
  state: z.string(),
  proposedBy: z.looseObject({ userName: z.string() }),
  proposedAt: z.string(),
  expiresAt: z.string(),
  note: z.string(),
  textHash: z.string(),
});

const checkSchema = z.looseObject({
  findings: z.array(z.looseObject({ severity: z.string(), text: z.string() })),
  differences: z.array(
    z.looseObject({
      name: z.string(),
      kind: z.string(),
      fields: z.array(
        z.looseObject({ field: z.string(), before: z.optional(z.unknown()), after: z.optional(z.unknown()) }),
      ),
    }),
  ),
  plan: z.array(z.string()),
  refusal: z.nullable(z.looseObject({ sentence: z.string() })),
});

const detailSchema = changeSchema.extend({ text: z.string(), stale: z.boolean(), check: checkSchema });
const listSchema = z.looseObject({ proposals: z.array(changeSchema) });

type Change = z.output<typeof changeSchema>;

interface ProposeOptions extends ApiOptions {
  readonly note?: string;
  readonly allowRemoving?: string;
  readonly check?: boolean;
  readonly key?: string;
}

const CHANGES = '/policy-changes';

/**
 * `glasshammer policy propose` and the commands after it: policy changes by two operators, without rights on the
 * tables.
 */
export function registerPolicyChanges(policy: Command, io: CliIo, build: BuildApi = signedApi): void {
  const as = asPerson(io, build);
  const tell = (change: Change, { json }: ApiOptions) =>
    io.stdout(json === true ? `${JSON.stringify(change)}\n` : row(...cellsOf(change)));

  withApi(policy.command('propose'))
    .description('propose exactly the policies of these files, for another operator to accept')
    .argument('<file...>', 'policy files')
    .option('--note <text>', 'why, for the other operators')
    .option('--allow-removing <n>', 'policies that may be removed; without, three, and none that denies or requires')
    .option('--check', 'only say what would come of it')
    .option('--key <key>', 'of a proposal whose answer was lost')
    .action(async (files: string[], options: ProposeOptions) =>
      as(async (session) => {
        const text = await textOf(files, io);
        const body = { text, ...allowed(options.allowRemoving) };
        if (options.check === true) {
          const check = await session.send(`${CHANGES}/check`, body, checkSchema);
          if (options.json === true) io.stdout(`${JSON.stringify(check)}\n`);
          else tellCheck(check, io);
          if (check.refusal !== null) io.exitWith(2);
          return;
        }
        const { note } = options;
        const proposed = { ...body, ...(note === undefined ? {} : { note }) };
        tell(await session.send(CHANGES, proposed, changeSchema, options.key ?? io.newId()), options);
      })(options),
    );

  withApi(policy.command('proposals'))
    .description('proposed changes of the policies that wait for another operator')
    .action(async (options: ApiOptions) =>
      as(async (session) => {
        const { proposals } = await session.look(CHANGES, listSchema);
        for (const change of proposals) tell(change, options);
        if (proposals.length === 0 && options.json !== true) io.about('no proposal waits\n');
      })(options),
    );

  withApi(policy.command('proposal'))
    .description('a proposed change: its text, and what it would do now')
    .argument('<id>', 'as policy proposals has it')
    .action(async (id: string, options: ApiOptions) =>
      as(async (session) => {
        const detail = await session.look(`${CHANGES}/${encodeURIComponent(id)}`, detailSchema);
        if (options.json === true) return io.stdout(`${JSON.stringify(detail)}\n`);
        io.stdout(`${detail.text.trimEnd()}\n\n`);
        tellCheck(detail.check, io);
        if (detail.stale) io.stdout('stale: the policies were changed after this was proposed\n');
        io.stdout(line(`hash ${detail.textHash}`));
      })(options),
    );

  withApi(policy.command('accept'))
    .description('accept what another operator has proposed; it is written at once')
    .argument('<id>', 'as policy proposals has it')
    .requiredOption('--hash <hash>', 'of the text you have looked at, as policy proposal prints it')
    .action(async (id: string, options: ApiOptions & { hash: string }) =>
      as(async (session) => {
        const path = `${CHANGES}/${encodeURIComponent(id)}/accept`;
        tell(await session.send(path, { textHash: options.hash }, changeSchema), options);
      })(options),
    );

  withApi(policy.command('withdraw'))
    .description('take a proposed change back, or turn it down')
    .argument('<id>', 'as policy proposals has it')
    .option('--note <text>', 'why, for the audit', '')
    .action(async (id: string, options: ApiOptions & { note: string }) =>
      as(async (session) => {
        const path = `${CHANGES}/${encodeURIComponent(id)}/withdraw`;
        tell(await session.send(path, { note: options.note }, changeSchema), options);
      })(options),
    );
}

/**
 * One file is sent as written, with its comments; several are sent as one list. They are checked first, so that errors
 * have line numbers.
 */
async function textOf(files: readonly string[], io: CliIo): Promise<string> {
  const entries = await readEntries(files, io);
  soundPolicySet(entries);
  const [only, another] = files;
  return only === undefined || another !== undefined ? stringify(entries) : io.readFile(only);
}

function allowed(written: string | undefined): { readonly allowRemoving?: number } {
  if (written === undefined) return {};
  if (!/^\d{1,4}$/.test(written)) throw new UsageError(`--allow-removing must be a number of policies, not ${written}`);
  return { allowRemoving: Number(written) };
}

function tellCheck({ findings, differences, plan, refusal }: z.output<typeof checkSchema>, io: CliIo): void {
  for (const { severity, text } of findings) io.stdout(line(`${severity}: ${text}`));
  for (const { name, kind, fields } of differences) {
    io.stdout(line(`${kind} ${name}`));
    for (const { field, before, after } of fields)
      io.stdout(`  ${line(`${field}: ${written(before)} -> ${written(after)}`)}`);
  }
  for (const sentence of plan) io.stdout(line(sentence));
  if (refusal !== null) io.stdout(line(refusal.sentence));
}

function written(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

function cellsOf({ id, state, proposedBy, expiresAt, note, textHash }: Change): readonly string[] {
  return [id, state, proposedBy.userName, `until ${expiresAt}`, textHash, note];
}
