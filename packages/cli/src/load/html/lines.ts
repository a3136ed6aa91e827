import type { PageColour, PageLine } from '@lifeguard/dashboard/load-report';

/** What most charts of time are. */
export const TIME = { x: 'seconds', isLog: false, isStacked: false } as const;

export function line(
  label: string,
  colour: PageColour,
  values: PageLine['values'],
  kind: PageLine['kind'] = 'line',
): PageLine {
  return { label, colour, kind, values };
}
