/**
 * Skips the pauses that functions make before they retry a call. While a call is running, timers run normally. When
 * only the passing of time could change anything, the next due timer fires at once.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

/** After this many turns of the event loop without any event, the thread counts as idle. */
const QUIET_TURNS = 3;

/**
 * A time limit is counted in steps of this many milliseconds. Each step counts once, however late it fires, and only
 * after the host has answered. So no call times out because this thread or the host's was too busy to answer it.
 */
const STEP_MS = 50;

const { setTimeout: plainSetTimeout, clearTimeout: plainClearTimeout } = globalThis;

/** Timers that were cleared or have fired early. They must not be refreshed, which would start them again. */
const cleared = new WeakSet();

function clear(timer) {
  if (typeof timer === 'object' && timer !== null) cleared.add(timer);
  plainClearTimeout(timer);
}

/** Calls back after `ms` milliseconds, counted in steps; returns a timer as Node's `setTimeout` does. */
function countDown(callback, ms, whenHostAnswers) {
  let stepsLeft = Math.max(1, Math.ceil(ms / STEP_MS));
  const timer = plainSetTimeout(
    () =>
      whenHostAnswers(() => {
        if (cleared.has(timer)) return;
        stepsLeft -= 1;
        if (stepsLeft > 0) timer.refresh();
        else callback();
      }),
    Math.min(ms, STEP_MS),
  );
  return timer;
}

/**
 * Replaces `setTimeout` and `AbortSignal.timeout`.
 *
 * @param applies whether a timer that is set now may be skipped
 * @param whenHostAnswers calls back once the host has answered
 * @returns a function to call when an outgoing call begins; it returns a function to call when that call ends
 */
export function skipPauses(applies, whenHostAnswers) {
  /** The timers that have not fired, in the order in which they were set. */
  const timers = new Map();
  let callsUnderWay = 0;
  let happened = 0;
  let looking = false;

  function look() {
    if (looking || callsUnderWay > 0 || timers.size === 0) return;
    looking = true;
    let quiet = 0;
    let seen = happened;
    const turn = () => {
      if (callsUnderWay > 0 || timers.size === 0) {
        looking = false;
        return;
      }
      quiet = seen === happened ? quiet + 1 : 0;
      seen = happened;
      if (quiet >= QUIET_TURNS) fireFirst();
      setImmediate(turn);
    };
    setImmediate(turn);
  }

  function fireFirst() {
    const [timer, first] = [...timers].reduce((a, b) => (b[1].dueMs < a[1].dueMs ? b : a));
    clear(timer);
    first.fire();
  }

  globalThis.setTimeout = (callback, ms, ...parts) => {
    if (!applies()) return plainSetTimeout(callback, ms, ...parts);
    happened += 1;
    const work = AsyncLocalStorage.bind(() => callback(...parts));
    const fire = () => {
      happened += 1;
      timers.delete(timer);
      work();
    };
    const timer = countDown(fire, ms ?? 0, whenHostAnswers);
    timers.set(timer, { dueMs: performance.now() + (ms ?? 0), fire });
    look();
    return timer;
  };

  const plainLimit = AbortSignal.timeout;
  // Never fired early: after its call has ended, the limited code may still be reading the answer.
  AbortSignal.timeout = (ms) => {
    if (!applies()) return plainLimit.call(AbortSignal, ms);
    const limit = new AbortController();
    const expired = () => limit.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
    countDown(expired, ms, whenHostAnswers).unref();
    return limit.signal;
  };

  globalThis.clearTimeout = (timer) => {
    timers.delete(timer);
    clear(timer);
  };

  return () => {
    callsUnderWay += 1;
    return () => {
      callsUnderWay -= 1;
      happened += 1;
      look();
    };
  };
}
