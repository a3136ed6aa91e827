import { type ComponentChildren, createContext } from 'preact';
import { useContext, useEffect, useRef, useState } from 'preact/hooks';

/** Something that is done once it is confirmed. */
export interface Deed {
  /** What will happen, as a question. */
  readonly question: string;
  readonly children: ComponentChildren;
  /** On the button that does it: names what it is done to. */
  readonly deed: string;
  /** The query of the POST, with its confirmation. */
  readonly query: Readonly<Record<string, string>>;
}

/** Asks whether it is to be done. */
export const Ask = createContext<(deed: Deed) => void>(() => {});

/** A button that asks once more before it does something. `label`: on the button that asks. */
export function ActionButton({ label, ...deed }: Deed & { readonly label: string }) {
  const ask = useContext(Ask);
  return (
    <button type="button" class="small" onClick={() => ask(deed)}>
      {label}
    </button>
  );
}

/** One for the page: what it is about may be gone before its outcome has been read. */
export function ActionDialog({ asked, onClose }: { asked: Deed | undefined; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [outcome, setOutcome] = useState('');
  const [isActing, setActing] = useState(false);
  useEffect(() => {
    if (!asked) return;
    setOutcome('');
    dialog.current?.showModal();
  }, [asked]);
  const perform = async ({ query }: Deed) => {
    setActing(true);
    setOutcome(await act(query));
    setActing(false);
  };
  return (
    <dialog ref={dialog} aria-label={asked?.question} onClose={onClose}>
      {asked && (
        <>
          <h2>{asked.question}</h2>
          <p>{asked.children}</p>
          <p role="status" class="outcome">
            {outcome}
          </p>
          <p class="buttons">
            <button type="button" onClick={() => dialog.current?.close()}>
              {outcome ? 'Close' : 'Cancel'}
            </button>
            {!outcome && (
              <button type="button" class="deed" disabled={isActing} onClick={() => perform(asked)}>
                {asked.deed}
              </button>
            )}
          </p>
        </>
      )}
    </dialog>
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
