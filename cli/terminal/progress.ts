import type { CliIo } from './io.ts';

/** Something is written anew at most so often; milliseconds. */
const BETWEEN_MS = 200;

/** Says what is being done while it is done, to whoever watches; nothing of it stays. */
export async function during<T>({ progress }: CliIo, what: string, work: Promise<T>): Promise<T> {
  progress?.(`${what} …`);
  try {
    return await work;
  } finally {
    progress?.('');
  }
}

/** Counts what comes by, for whoever watches. @param what such as `objects of the archive read` */
export async function* counting<T>(io: CliIo, what: string, items: AsyncIterable<T>): AsyncGenerator<T> {
  let count = 0;
  let said = Number.NEGATIVE_INFINITY;
  try {
    for await (const item of items) {
      count += 1;
      const now = io.now().getTime();
      if (io.progress !== undefined && now - said >= BETWEEN_MS) {
        said = now;
        io.progress(`${count.toLocaleString('en')} ${what} …`);
      }
      yield item;
    }
  } finally {
    io.progress?.('');
  }
}
