import type { CliIo } from './io.ts';

/** Shortest time between two progress texts. Milliseconds. */
const BETWEEN_MS = 200;

/** Shows a progress text while the work runs, and removes it afterwards. */
export async function during<T>({ progress }: CliIo, what: string, work: Promise<T>): Promise<T> {
  progress?.(`${what} …`);
  try {
    return await work;
  } finally {
    progress?.('');
  }
}

/** Shows how many items have passed so far. @param what such as `objects of the archive read` */
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
