import { remedyParts } from '../model/remedy-parts.ts';
import { CopyButton } from './copy.tsx';
import { Prose } from './prose.tsx';

/** Characters of a line of code that find room beside the cause, and on a phone. */
const LINE = 53;
const PHONE_LINE = 38;
const isPhone = matchMedia('(max-width: 48rem)');

/** What to do; code to paste stands by itself, and is what is copied. */
export function Remedy({ remedy, report }: { remedy: string; report: string }) {
  const parts = remedyParts(remedy, isPhone.matches ? PHONE_LINE : LINE);
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
