/** Sentences one below the other; a list where there are several. */
export function Lines({ lines }: { readonly lines: readonly string[] }) {
  if (lines.length === 1) return <div className="reason">{lines[0]}</div>;
  return (
    <ul className="lines">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
