import { constants } from 'node:os';

/** Signals that end a program in a terminal: Ctrl-C, an end from outside, a terminal that is closed. */
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export type EndingSignal = (typeof ENDING)[number];

/** Signals that do not end this program for as long as they are taken. */
export interface TakenSignals {
  /** Aborted by the first signal. */
  readonly stopped: AbortSignal;
  /** The first signal; `undefined` while none came. */
  readonly first: () => EndingSignal | undefined;
  /** Has each further signal go somewhere else as well; answers how to stop that. */
  readonly passTo: (receive: (signal: EndingSignal) => void) => () => void;
  /** From now on they end this program again. */
  readonly release: () => void;
}

/** Takes the signals, so that what was begun is ended before the program is. */
export function takeSignals(): TakenSignals {
  const stop = new AbortController();
  let first: EndingSignal | undefined;
  let receive: (signal: EndingSignal) => void = () => {};
  const take = (signal: EndingSignal) => {
    first ??= signal;
    stop.abort();
    receive(signal);
  };
  // Behind a closed terminal every word is an error, which must not end the program before access is ended.
  const speechless = () => {};
  for (const signal of ENDING) process.on(signal, take);
  for (const stream of [process.stdout, process.stderr]) stream.on('error', speechless);
  return {
    stopped: stop.signal,
    first: () => first,
    passTo: (to) => {
      receive = to;
      return () => {
        receive = () => {};
      };
    },
    release: () => {
      for (const signal of ENDING) process.off(signal, take);
      for (const stream of [process.stdout, process.stderr]) stream.off('error', speechless);
    },
  };
}

/** The exit code of a program that a signal ended, as shells say it: 128 and the number of the signal. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
