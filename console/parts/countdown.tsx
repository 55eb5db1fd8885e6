import { countdown } from '../words/words.ts';
import { useNow } from './context.ts';

/** The time left until an instant, updated each second. @param until ISO 8601 */
export function Countdown({ until }: { readonly until: string }) {
  const left = Date.parse(until) - useNow();
  return (
    <span className="countdown" role="timer" data-testid="countdown">
      {countdown(left)}
    </span>
  );
}
