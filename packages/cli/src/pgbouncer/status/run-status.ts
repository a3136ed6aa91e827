import { addressOf } from '../../connection/address.ts';
import { configOf } from '../../connection/connect.ts';
import { readTarget } from '../../connection/target.ts';
import { EXIT, type ExitCode } from '../../frame/exit-codes.ts';
import type { Session } from '../../frame/session.ts';
import type { StatusOptions } from '../command.ts';
import { consoleOf, openConsole } from '../console.ts';
import { consoleFailure } from '../console-failure.ts';
import { askStatus } from './facts.ts';
import { judge } from './judge.ts';
import { renderJson, renderText } from './render.ts';

/** Asks a PgBouncer's console how it is. Exit code 1 when something counts. */
export async function runStatus(
  url: string | undefined,
  { json }: StatusOptions,
  session: Session,
): Promise<ExitCode> {
  const config = consoleOf(configOf(readTarget(url, session.env, { option: 'the URL' }), ''));
  const address = addressOf(config);
  const where = `${address.host}:${address.port}`;
  session.progress.show('asking PgBouncer');
  const status = await openConsole(config, session)
    .then(askStatus)
    .catch((error: Error) => {
      throw consoleFailure(error, address, session.width);
    });
  const report = { where, status, findings: judge(status) };
  session.print(json ? renderJson(report) : renderText(report, session.width, session.colours));
  return report.findings.some(({ severity }) => severity !== 'info') ? EXIT.findings : EXIT.ok;
}
