import { InvalidToken, TaskTimedOut } from './api-errors.ts';

/** A task that waits for its task token. */
export interface WaitingTask {
  /** Completes the task; false if it was completed before. */
  settle(answer: { output: string } | { error?: string; cause?: string }): boolean;
  heartbeat(): void;
}

/** Every task token that was issued, and the tasks that still wait. */
export class TaskTokens {
  readonly #waiting = new Map<string, WaitingTask>();
  readonly #closed = new Set<string>();

  open(token: string, task: WaitingTask): void {
    this.#waiting.set(token, task);
  }

  /** Closes the task. Its token is remembered, so that a late answer gets another error than an invented token. */
  close(token: string): void {
    if (this.#waiting.delete(token)) this.#closed.add(token);
  }

  /**
   * The task that waits for `token`. Throws `TaskTimedOut` if it is closed, `InvalidToken` if the token was never
   * issued.
   */
  find(token: string): WaitingTask {
    const task = this.#waiting.get(token);
    if (task !== undefined) return task;
    if (this.#closed.has(token)) throw new TaskTimedOut("Task Timed Out: 'Provided task does not exist anymore'");
    throw new InvalidToken("Invalid Token: 'Invalid token'");
  }
}
