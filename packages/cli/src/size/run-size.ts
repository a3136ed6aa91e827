import { connect } from '../connection/connect.ts';
import { readTarget, type Target } from '../connection/target.ts';
import { EXIT, type ExitCode } from '../frame/exit-codes.ts';
import type { Session } from '../frame/session.ts';
import { SOMEWHERE } from './address.ts';
import type { SizeOptions } from './command.ts';
import { askServer, placeOf, reckon, type Seen } from './reckon.ts';
import { renderJson, renderText } from './report.ts';

export async function runSize(options: SizeOptions, session: Session): Promise<ExitCode> {
  const target = targetOf(options, session.env);
  const seen = target && options.server ? await look(target, session) : undefined;
  const report = reckon(options, seen, target ? placeOf(target) : SOMEWHERE);
  session.print(
    options.json ? renderJson(report) : renderText(report, session.width, session.colours),
  );
  return EXIT.ok;
}

/** Undefined where nobody named a database: then it is reckoned without one. */
function targetOf({ url }: SizeOptions, env: NodeJS.ProcessEnv): Target | undefined {
  if (!url && !env.DATABASE_URL) return undefined;
  return readTarget(url, env);
}

async function look(target: Target, session: Session): Promise<Seen> {
  const { client } = await connect(target, 'lifeguard size', session);
  return askServer(client, placeOf(target));
}
