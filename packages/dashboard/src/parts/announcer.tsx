import { useEffect, useRef, useState } from 'preact/hooks';
import type { IncidentRecord } from '../wire.ts';

/** Says to a screen reader what has begun and what is over; what lasted when the page opened, it reads. */
export function Announcer({ active }: { active: readonly IncidentRecord[] }) {
  const before = useRef<Map<string, string> | undefined>(undefined);
  const [text, setText] = useState('');
  useEffect(() => {
    const now = new Map(active.map(({ id, title }) => [id, title]));
    const known = before.current;
    before.current = now;
    if (!known) return;
    const began = [...now]
      .filter(([id]) => !known.has(id))
      .map(([, title]) => `Incident: ${title}.`);
    const over = [...known].filter(([id]) => !now.has(id)).map(([, title]) => `Over: ${title}.`);
    const said = [...began, ...over].join(' ');
    if (said) setText(said);
  }, [active]);
  return (
    <div class="unseen" role="log" aria-live="polite" aria-label="Incidents">
      {text}
    </div>
  );
}
