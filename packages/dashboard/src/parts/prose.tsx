/** A sentence, with what stands in backticks as code. */
export function Prose({ text }: { text: string }) {
  return (
    <>{text.split('`').map((part, i) => (i % 2 === 1 ? <code key={part}>{part}</code> : part))}</>
  );
}
