import { useEffect, useState } from 'preact/hooks';

const SHOWN_MILLIS = 2_000;

/** Copies a text, and says so. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), SHOWN_MILLIS);
    return () => clearTimeout(timer);
  }, [state]);
  return (
    <button
      type="button"
      class="small"
      onClick={async () => setState((await copy(text)) ? 'copied' : 'failed')}
    >
      <span aria-live="polite">
        {state === 'idle' ? label : state === 'copied' ? 'Copied' : 'Select it and copy'}
      </span>
    </button>
  );
}

/** The clipboard's own way exists over TLS and on localhost only; the old way is for the rest. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    area.className = 'unseen';
    document.body.append(area);
    area.select();
    const isCopied = document.execCommand('copy');
    area.remove();
    return isCopied;
  }
}
