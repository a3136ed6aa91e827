/** A fenced block of a Markdown file. */
export interface Fence {
  /** What stands after the backticks, such as `ts run`. */
  readonly info: string;
  /** Line of the first line of code, from 1. */
  readonly line: number;
  readonly code: string;
}

/** The fenced blocks of a text, and the text with them left empty: what stands in code is no link. */
export function fencesOf(markdown: string): { fences: Fence[]; prose: string } {
  const fences: Fence[] = [];
  const prose: string[] = [];
  let open: { info: string; line: number; mark: string; code: string[] } | undefined;
  for (const [index, line] of markdown.split('\n').entries()) {
    const fence = /^\s*(`{3,}|~{3,})\s*(.*?)\s*$/.exec(line);
    const [, mark = '', info = ''] = fence ?? [];
    if (!open && fence) {
      open = { info, mark, line: index + 2, code: [] };
      prose.push('');
    } else if (open && fence && info === '' && mark.startsWith(open.mark)) {
      fences.push({ info: open.info, line: open.line, code: `${open.code.join('\n')}\n` });
      open = undefined;
      prose.push('');
    } else if (open) {
      open.code.push(line);
      prose.push('');
    } else prose.push(line);
  }
  return { fences, prose: prose.join('\n') };
}

/** Targets of links and images that lead to files of this repository, without their `#part`. */
export function relativeLinks(markdown: string): string[] {
  const prose = fencesOf(markdown).prose.replace(/`[^`\n]*`/g, '');
  const inline = prose.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g);
  const defined = prose.matchAll(/^\s*\[[^\]]+\]:\s+<?(\S+?)>?\s*$/gm);
  return [...inline, ...defined]
    .map(([, target = '']) => target)
    .filter((target) => !/^([a-z][a-z+.-]*:|#|\/\/)/i.test(target))
    .map((target) => decodeURI(target.replace(/[#?].*$/, '')));
}

/** A table's cells without their padding, which the formatter chooses. */
export function tableCells(markdown: string): string[][] {
  return markdown
    .split('\n')
    .filter((line) => line.trim().startsWith('|'))
    .map((line) =>
      line
        .trim()
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim().replace(/^-+$/, '---')),
    );
}

/** What stands between `<!-- name -->` and `<!-- /name -->`. */
export function between(markdown: string, name: string): string | undefined {
  return new RegExp(`<!-- ${name} -->([\\s\\S]*?)<!-- /${name} -->`).exec(markdown)?.[1];
}
