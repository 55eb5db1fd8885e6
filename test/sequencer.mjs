import { statSync } from 'node:fs';
import Sequencer from '@jest/test-sequencer';

/** In this order: what takes long by itself, then whole requests, and last the many that take no time at all. */
const FIRST = ['/simulation/', '/stack/app.', '/scenarios/'];

function rank(path) {
  const found = FIRST.findIndex((part) => path.includes(part));
  return found < 0 ? FIRST.length : found;
}

/** Long files first, so that no worker is left with one of them when the others have nothing more to do. */
export default class extends Sequencer {
  /** One file of each round, in the order of how long they take; the part that begins a round begins the next one last. */
  shard(tests, { shardIndex, shardCount }) {
    return this.sort(tests).filter((_, index) => {
      const round = Math.floor(index / shardCount);
      return (index + round) % shardCount === shardIndex - 1;
    });
  }

  /** Each process sorts for itself, from a list in whatever order: two files that are as long must come in one order for all. */
  sort(tests) {
    const size = ({ path }) => statSync(path).size;
    return [...tests].sort(
      (a, b) => rank(a.path) - rank(b.path) || size(b) - size(a) || (a.path < b.path ? -1 : Number(a.path > b.path)),
    );
  }
}
