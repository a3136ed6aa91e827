import { remedyParts } from '../model/remedy-parts.ts';
import { CopyButton } from './copy.tsx';
import { Prose } from './prose.tsx';

/** What to do; code to paste stands by itself, and is what is copied. */
export function Remedy({ remedy, report }: { remedy: string; report: string }) {
  const parts = remedyParts(remedy);
  const code = parts.flatMap(({ type, text }) => (type === 'code' ? [text] : [])).join('\n\n');
  return (
    <>
      {parts.map(({ type, text }) =>
        type === 'code' ? (
          <pre key={text}>
            <code>{text}</code>
          </pre>
        ) : (
          <p key={text}>
            <Prose text={text} />
          </p>
        ),
      )}
      <p class="buttons">
        {code === '' ? (
          <CopyButton text={remedy} label="Copy remedy" />
        ) : (
          <CopyButton text={code} label="Copy code" />
        )}
        <CopyButton text={report} label="Copy report" />
      </p>
    </>
  );
}
