import { evidenceParts } from '../model/evidence-parts.ts';

/** A line of evidence; `now`: of the snapshot. */
export function Evidence({ line, now }: { line: string; now: Date }) {
  return (
    <>
      {evidenceParts(line, now).map(({ text, isCode }) =>
        isCode ? <code key={text}>{text}</code> : text,
      )}
    </>
  );
}
