import { InvalidToken, TaskTimedOut } from './api-errors.ts';

/** A task that waits for its token. */
export interface WaitingTask {
  /** Gives the task its answer; false if it has one already. */
  settle(answer: { output: string } | { error?: string; cause?: string }): boolean;
  heartbeat(): void;
}

/** Every token given out, and the tasks that still wait for theirs. */
export class TaskTokens {
  readonly #waiting = new Map<string, WaitingTask>();
  readonly #closed = new Set<string>();

  open(token: string, task: WaitingTask): void {
    this.#waiting.set(token, task);
  }

  /** The task is over; its token stays known, so that a late answer is told from a made-up one. */
  close(token: string): void {
    if (this.#waiting.delete(token)) this.#closed.add(token);
  }

  /** The task that waits for `token`. Throws `TaskTimedOut` if it is over, `InvalidToken` if there never was one. */
  find(token: string): WaitingTask {
    const task = this.#waiting.get(token);
    if (task !== undefined) return task;
    if (this.#closed.has(token)) throw new TaskTimedOut("Task Timed Out: 'Provided task does not exist anymore'");
    throw new InvalidToken("Invalid Token: 'Invalid token'");
  }
}
