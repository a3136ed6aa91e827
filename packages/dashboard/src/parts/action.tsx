import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';

interface Props {
  /** On the button that asks for it. */
  readonly label: string;
  /** What will happen, as a question. */
  readonly question: string;
  /** On the button that does it: names what it is done to. */
  readonly deed: string;
  readonly children: ComponentChildren;
  /** The query of the POST, with its confirmation. */
  readonly query: Readonly<Record<string, string>>;
}

/** A button that asks once more before it does something. */
export function ActionButton({ label, question, deed, children, query }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [outcome, setOutcome] = useState('');
  const [isActing, setActing] = useState(false);
  const open = () => {
    setOutcome('');
    dialog.current?.showModal();
  };
  const perform = async () => {
    setActing(true);
    setOutcome(await act(query));
    setActing(false);
  };
  return (
    <>
      <button type="button" class="small" onClick={open}>
        {label}
      </button>
      <dialog ref={dialog} aria-label={question}>
        <h2>{question}</h2>
        <p>{children}</p>
        <p role="status" class="outcome">
          {outcome}
        </p>
        <p class="buttons">
          <button type="button" onClick={() => dialog.current?.close()}>
            {outcome ? 'Close' : 'Cancel'}
          </button>
          {!outcome && (
            <button type="button" class="deed" disabled={isActing} onClick={perform}>
              {deed}
            </button>
          )}
        </p>
      </dialog>
    </>
  );
}

/** What came of it, in a sentence. */
async function act(query: Readonly<Record<string, string>>): Promise<string> {
  try {
    const answer = await fetch(`?${new URLSearchParams(query)}`, { method: 'POST' });
    const { done, error } = (await answer.json()) as { done?: string; error?: string };
    return done ?? error ?? `The application answers ${answer.status}.`;
  } catch {
    return 'The application does not answer.';
  }
}
