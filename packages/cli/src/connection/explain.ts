import { redactUrl } from '@lifeguard/pool';
import { EXIT } from '../frame/exit-codes.ts';
import { UserError } from '../frame/user-error.ts';
import { lowerFirst, oneLine, wrap } from '../terminal/words.ts';
import type { Address } from './address.ts';
import { diagnoseLogin } from './diagnose-login.ts';

const MOST_CAUSES = 3;
const MOST_REMEDIES = 2;

/** Why a database can't be used: the guard's diagnosis, in the server's words and ours. */
export function connectionFailure(
  error: Error,
  address: Address,
  where: string,
  width: number,
): UserError {
  const { title, kind, code, causes, remedies } = diagnoseLogin(error, address);
  const said =
    oneLine(redactUrl(error.message)) || (error as NodeJS.ErrnoException).code || error.name;
  const item = (mark: string, text: string) => wrap(text, width, `  ${mark} `, '    ');
  const lines = [
    item('·', `it said: ${said}${code === undefined ? '' : ` (${code})`}`),
    ...(kind === 'unknown' ? [] : causes.slice(0, MOST_CAUSES).map((cause) => item('·', cause))),
    ...remedies
      .slice(0, MOST_REMEDIES)
      .flatMap((remedy) => [
        '',
        item('→', remedy.title),
        ...(remedy.code ? [remedy.code.replace(/^/gm, '      ')] : []),
      ]),
  ];
  return new UserError(`${where}: ${lowerFirst(title)}`, {
    exitCode: EXIT.unreachable,
    details: lines.join('\n'),
    cause: error,
  });
}
