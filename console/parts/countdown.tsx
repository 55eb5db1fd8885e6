import { countdown } from '../words/words.ts';
import { useNow } from './context.ts';

/** What is left until then, each second. */
export function Countdown({ until }: { readonly until: string }) {
  const left = Date.parse(until) - useNow();
  return (
    <span className="countdown" role="timer" data-testid="countdown">
      {countdown(left)}
    </span>
  );
}
