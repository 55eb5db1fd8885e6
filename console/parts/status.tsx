import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';

/**
 * What state something is in, by its icon and its words. Cloudscape lets the words of a state break anywhere
 * (`word-break: break-all`), which is for states of one word: a sentence breaks between its words.
 */
export function Status({ children, ...props }: StatusIndicatorProps) {
  return (
    <StatusIndicator {...props}>
      <span className="words">{children}</span>
    </StatusIndicator>
  );
}
