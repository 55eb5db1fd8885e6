import { type CliIo, type TableNames, UsageError } from '../terminal/io.ts';

/** Options of a command that works on the tables. */
export interface TableOptions {
  readonly accessTable?: string;
  readonly requestTable?: string;
}

/**
 * The names of the tables, from the options or from the variables that the functions use.
 *
 * @throws UsageError when one of the two is not named
 */
export function tableNames(options: TableOptions, { env }: Pick<CliIo, 'env'>): TableNames {
  const accessTable = options.accessTable ?? env.ACCESS_TABLE;
  const requestTable = options.requestTable ?? env.REQUEST_TABLE;
  if (!accessTable)
    throw new UsageError('name the access table: --access-table NAME, or ACCESS_TABLE in the environment');
  if (!requestTable)
    throw new UsageError('name the request table: --request-table NAME, or REQUEST_TABLE in the environment');
  return { accessTable, requestTable };
}
