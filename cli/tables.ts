import { type CliIo, type TableNames, UsageError } from './io.ts';

export interface TableOptions {
  readonly accessTable?: string;
  readonly requestTable?: string;
}

/** The tables to work on, from the options or from the variables that the functions use. */
export function tableNames(options: TableOptions, { env }: Pick<CliIo, 'env'>): TableNames {
  const accessTable = options.accessTable ?? env.ACCESS_TABLE;
  const requestTable = options.requestTable ?? env.REQUEST_TABLE;
  if (!accessTable)
    throw new UsageError('name the access table: --access-table NAME, or ACCESS_TABLE in the environment');
  if (!requestTable)
    throw new UsageError('name the request table: --request-table NAME, or REQUEST_TABLE in the environment');
  return { accessTable, requestTable };
}

/** Who the audit says has changed something. */
export function operatorName({ env }: Pick<CliIo, 'env'>): string {
  return `cli:${env.USER ?? env.USERNAME ?? 'unknown'}`;
}
