/**
 * Lets functions go on at once when all they do is to wait a while before they try a call again. As long as a call is under way its
 * time limits run as they do everywhere; only when nothing can happen but that time passes, the timer due first fires.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

/** Turns of the event loop in which nothing happened, until nothing is believed to be about to happen. */
const QUIET_TURNS = 3;

/**
 * A time limit is counted in steps of this many milliseconds, each counted once however late it comes, and not before the host has
 * answered: where this thread or the host's was so busy that a call could not have been answered yet, no time limit of a call runs out
 * either.
 */
const STEP_MS = 50;

const { setTimeout: plainSetTimeout, clearTimeout: plainClearTimeout } = globalThis;

/** Timers that were cleared, or have fired early: to start one of these again would bring it back. */
const cleared = new WeakSet();

function clear(timer) {
  if (typeof timer === 'object' && timer !== null) cleared.add(timer);
  plainClearTimeout(timer);
}

/** Calls back after so many milliseconds, counted in steps; answers a timer as Node's `setTimeout` does. */
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
 * Puts itself in the place of `setTimeout` and `AbortSignal.timeout`.
 *
 * @param applies whether a timer set just now is one of those that need not be waited for
 * @param whenHostAnswers calls back once the host has answered
 * @returns to be called when a call to the world outside begins; it answers what is to be called at the end
 */
export function skipPauses(applies, whenHostAnswers) {
  /** Timers not yet fired, in the order they were set. */
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
  // Never fired early: what it limits may still read an answer when its call is over.
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
