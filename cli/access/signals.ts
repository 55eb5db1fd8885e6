import { constants } from 'node:os';

/** Signals that end a program in a terminal: Ctrl-C, a termination request, a closed terminal. */
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export type EndingSignal = (typeof ENDING)[number];

/** Signals that do not end this process until they are released. */
export interface TakenSignals {
  /** Aborted by the first signal. */
  readonly stopped: AbortSignal;
  /** The first signal; `undefined` before one arrives. */
  readonly first: () => EndingSignal | undefined;
  /** Passes each further signal to a receiver too. @returns a function that stops this */
  readonly passTo: (receive: (signal: EndingSignal) => void) => () => void;
  /** Lets the signals end this process again. */
  readonly release: () => void;
}

/** Catches the signals, so that access that was asked for can be ended before the process exits. */
export function takeSignals(): TakenSignals {
  const stop = new AbortController();
  let first: EndingSignal | undefined;
  let receive: (signal: EndingSignal) => void = () => {};
  const take = (signal: EndingSignal) => {
    first ??= signal;
    stop.abort();
    receive(signal);
  };
  // After the terminal is closed, each output is an error, which must not end the process before the access is ended.
  const ignoreOutputError = () => {};
  for (const signal of ENDING) process.on(signal, take);
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreOutputError);
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
      for (const stream of [process.stdout, process.stderr]) stream.off('error', ignoreOutputError);
    },
  };
}

/** The exit code of a program that a signal ended, as in a shell: 128 plus the signal's number. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
