import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';

/**
 * A status by icon and words. Cloudscape sets `word-break: break-all` for statuses of one word; here they may be
 * sentences, which break between words.
 */
export function Status({ children, ...props }: StatusIndicatorProps) {
  return (
    <StatusIndicator {...props}>
      <span className="words">{children}</span>
    </StatusIndicator>
  );
}
