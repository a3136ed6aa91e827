import type { BlockerSnapshot, ServerSnapshot, SessionSnapshot } from '@lifeguard/monitor/server';
import type { Colours } from '../../terminal/colours.ts';
import { cut, duration, textWidth } from '../../terminal/words.ts';

const MOST_SESSIONS = 5;
const MOST_BLOCKED = 12;
const SHORTEST_STATEMENT = 12;

/** Who holds up whom; none where nobody does. */
export function tree({ blockers }: ServerSnapshot, width: number, colours: Colours): string[] {
  if (blockers.length === 0) return [];
  const lines = blockers.flatMap((root) => branch(root, 0, width));
  const more = lines.length - MOST_BLOCKED;
  return [
    [
      colours.bold('Who holds up others'),
      ...lines.slice(0, MOST_BLOCKED),
      ...(more > 0 ? [`   and ${more} more`] : []),
    ].join('\n'),
  ];
}

function branch({ pid, session, blocks }: BlockerSnapshot, depth: number, width: number): string[] {
  const mark = depth === 0 ? ' ' : ` ${'   '.repeat(depth - 1)}└─ `;
  return [
    cut(`${mark}${describe(pid, session)}`, width),
    ...blocks.flatMap((one) => branch(one, depth + 1, width)),
  ];
}

/** All that stand in a tree. */
export function pidsOf({ pid, blocks }: BlockerSnapshot): number[] {
  return [pid, ...blocks.flatMap(pidsOf)];
}

function describe(pid: number, session: SessionSnapshot | null): string {
  if (!session) return pid === 0 ? 'a prepared transaction' : `${pid}, not seen`;
  const { application, role, state, stateMillis, waitsFor, statement } = session;
  const since = stateMillis === null ? '' : ` for ${duration(stateMillis / 1_000)}`;
  const doing = waitsFor?.startsWith('Lock') ? `waits${since}` : `${state ?? 'not seen'}${since}`;
  return `${pid} ${application ?? role ?? ''}, ${doing}${statement === null ? '' : `: ${statement}`}`;
}

/** Those of a kind, the longest first. */
export function sessions(
  title: string,
  all: readonly SessionSnapshot[],
  width: number,
  colours: Colours,
): string[] {
  if (all.length === 0) return [];
  const more = all.length - MOST_SESSIONS;
  return [
    [
      colours.bold(title),
      ...all.slice(0, MOST_SESSIONS).map((one) => {
        const head = ` ${one.pid} ${one.application ?? one.role ?? ''} ${one.stateMillis === null ? '' : duration(one.stateMillis / 1_000)}: `;
        return (
          head +
          cut(one.statement ?? 'not seen', Math.max(SHORTEST_STATEMENT, width - textWidth(head)))
        );
      }),
      ...(more > 0 ? [` and ${more} more`] : []),
    ].join('\n'),
  ];
}
