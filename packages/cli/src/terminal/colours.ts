import pc from 'picocolors';

export type Colours = ReturnType<typeof pc.createColors>;
export type Colour = (text: string) => string;

/**
 * Colours where a person looks: on a terminal, unless NO_COLOR (https://no-color.org) or TERM=dumb say
 * otherwise. FORCE_COLOR puts them into a pipe as well.
 */
export function coloursOf(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): Colours {
  return pc.createColors(wantsColours(stream, env));
}

function wantsColours({ isTTY }: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined) return !/^(0|false)$/.test(env.FORCE_COLOR);
  return Boolean(isTTY) && env.TERM !== 'dumb';
}
