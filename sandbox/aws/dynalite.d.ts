/** The parts of dynalite that the emulated tables use: its store, checks and actions, without its HTTP server. */
declare module 'dynalite/db/index.js' {
  import type { DynaliteStore } from 'dynalite/validations/index.js';

  const db: {
    create(options: { createTableMs: number; deleteTableMs: number; updateTableMs: number }): DynaliteStore;
    checkConditional(data: object, item: object | undefined): Error | null | undefined;
    /** The size of an item, as it counts towards the limit of 400 KB. */
    itemSize: (item: Record<string, Record<string, unknown>>) => number;
  };
  export default db;
}
declare module 'dynalite/validations/index.js' {
  type TableRead = (error: Error | null, table?: { readonly TableStatus?: string }) => void;
  export interface DynaliteStore {
    tableDb: { awsAccountId: string; awsRegion: string };
    /** The callback is the last argument. A boolean before it says whether the table's status is checked. */
    getTable(name: string, ...rest: (boolean | TableRead)[]): void;
  }
  const validations: {
    checkTypes(data: object, types: object): object;
    checkValidations(data: object, types: object, custom: unknown, store: DynaliteStore): void;
  };
  export default validations;
}
declare module 'dynalite/validations/*' {
  const validation: { types: object; custom?: unknown };
  export default validation;
}
declare module 'dynalite/actions/*' {
  const action: (store: object, data: object, done: (error: Error | null | undefined, answer: object) => void) => void;
  export default action;
}
