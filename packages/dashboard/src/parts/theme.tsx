import { useEffect, useState } from 'preact/hooks';

type Choice = 'system' | 'light' | 'dark';

const KEY = 'lifeguard-theme';
const NEXT: Readonly<Record<Choice, Choice>> = { system: 'light', light: 'dark', dark: 'system' };
const SIGNS: Readonly<Record<Choice, string>> = { system: '◐', light: '☀', dark: '☾' };
const dark = matchMedia('(prefers-color-scheme: dark)');

function chosen(): Choice {
  try {
    const choice = localStorage.getItem(KEY);
    return choice === 'light' || choice === 'dark' ? choice : 'system';
  } catch {
    // Storage is off: the choice lasts as long as the page.
    return 'system';
  }
}

function keep(choice: Choice): void {
  try {
    if (choice === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, choice);
  } catch {
    // As above.
  }
}

function resolve(choice: Choice): 'light' | 'dark' {
  if (choice !== 'system') return choice;
  return dark.matches ? 'dark' : 'light';
}

/** Before the first paint. */
export function applyTheme(): void {
  document.documentElement.dataset.theme = resolve(chosen());
}

/** The theme that is shown, what was chosen, and how to choose the next. */
export function useTheme() {
  const [choice, setChoice] = useState(chosen);
  const [theme, setTheme] = useState(() => resolve(choice));
  useEffect(() => {
    const apply = () => {
      const resolved = resolve(choice);
      document.documentElement.dataset.theme = resolved;
      setTheme(resolved);
    };
    apply();
    dark.addEventListener('change', apply);
    return () => dark.removeEventListener('change', apply);
  }, [choice]);
  const next = () => {
    keep(NEXT[choice]);
    setChoice(NEXT[choice]);
  };
  return { theme, choice, next };
}

export function ThemeButton({ choice, next }: { choice: Choice; next: () => void }) {
  const label = `Theme: ${choice}. Change to ${NEXT[choice]}`;
  return (
    <button type="button" class="plain" onClick={next} aria-label={label} title={label}>
      <span aria-hidden="true">{SIGNS[choice]}</span>
    </button>
  );
}
