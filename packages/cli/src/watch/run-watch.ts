import { setTimeout as delay } from 'node:timers/promises';
import { createMonitor } from '@lifeguard/monitor';
import { addressOf } from '../connection/address.ts';
import { configOf } from '../connection/connect.ts';
import { readTarget, type Target } from '../connection/target.ts';
import { EXIT, type ExitCode } from '../frame/exit-codes.ts';
import type { Session } from '../frame/session.ts';
import { servePage } from '../page/serve.ts';
import { widthOf } from '../terminal/width.ts';
import type { WatchOptions } from './command.ts';
import { asPoolStats } from './look/as-pool.ts';
import { type Look, ServerLook } from './look/server-look.ts';
import { renderJson } from './view/json.ts';
import { renderLine } from './view/line.ts';
import { Screen } from './view/screen.ts';
import { renderText } from './view/text.ts';
import type { Told } from './view/told.ts';

/** Looks at a database again and again, until Ctrl-C. */
export async function runWatch(
  url: string | undefined,
  options: WatchOptions,
  session: Session,
): Promise<ExitCode> {
  const target = readTarget(url, session.env, { option: 'the URL' });
  const look = new ServerLook(target, session);
  session.progress.show('connecting');
  await look.begin();
  const watched = new Watched(placeOf(target));
  watched.note(await look.look());
  if (options.once) {
    tellOnce(watched.told(options), options, session);
    return EXIT.ok;
  }
  const { monitor } = watched;
  session.cleanups.add(() => monitor.stop());
  const wantsPage = options.dashboard && !options.terminal;
  const page = wantsPage
    ? await servePage(monitor.start(), options.port, session.cleanups)
    : undefined;
  const show = shower(options, page, session);
  while (!session.signal.aborted) {
    show(watched.told(options, page));
    await delay(options.interval * 1_000, undefined, { signal: session.signal });
    watched.note(await look.look());
  }
  return EXIT.interrupted;
}

/** The last look, and what the monitor makes of all of them. */
class Watched {
  readonly kind = 'server';
  readonly where: string;
  readonly monitor;
  #look: Look | undefined;
  #peak = 0;
  #transactions = 0;
  #readAt = performance.now();

  constructor(where: string) {
    this.where = where;
    const server = {
      start() {},
      stop() {},
      snapshot: () => this.#last.server,
    };
    this.monitor = createMonitor({
      pools: () => (this.#look ? { [where]: this } : {}),
      servers: { [where]: server },
    });
  }

  get #last(): Look {
    if (!this.#look) throw new TypeError('nothing has been looked at yet');
    return this.#look;
  }

  note(look: Look): void {
    this.#look = look;
    this.#peak = Math.max(this.#peak, look.server.connections.used);
  }

  /** As a pool has it. */
  stats() {
    // Looks are rarer than readings: the count grows evenly in between, as a chart wants it.
    const now = performance.now();
    const seconds = (now - this.#readAt) / 1_000;
    this.#readAt = now;
    this.#transactions += (this.#last.transactionsPerSecond ?? 0) * seconds;
    const counted = { peak: this.#peak, transactions: Math.round(this.#transactions) };
    return asPoolStats(this.#last.server, counted);
  }

  told({ interval, once }: WatchOptions, page?: string): Told {
    return {
      where: this.where,
      at: new Date(),
      look: this.#last,
      incidents: this.monitor.incidents().filter(({ overSince }) => overSince === null),
      page,
      intervalSeconds: once ? undefined : interval,
    };
  }
}

function placeOf(target: Target): string {
  const { host, port, database } = addressOf(configOf(target, ''));
  return `${database} at ${host.startsWith('/') ? host : `${host}:${port}`}`;
}

function tellOnce(told: Told, { json }: WatchOptions, session: Session): void {
  session.print(json ? renderJson(told) : renderText(told, session.width, session.colours));
}

/** In place on a terminal, else a line for each look. */
function shower(
  { json }: WatchOptions,
  page: string | undefined,
  session: Session,
): (told: Told) => void {
  session.progress.end();
  const { stdout, stderr } = process;
  if (json) return (told) => session.print(renderJson(told));
  if (!stdout.isTTY) {
    if (page !== undefined) stderr.write(`lifeguard: dashboard: ${page}\n`);
    return (told) => session.print(renderLine(told));
  }
  const screen = new Screen(stdout);
  session.cleanups.add(() => screen.close());
  // The window may have another width by now.
  const draw = (told: Told) =>
    screen.draw(renderText(told, widthOf(stdout, session.env), session.colours));
  let last: Told | undefined;
  const redraw = () => last && draw(last);
  stdout.on('resize', redraw);
  session.cleanups.add(() => stdout.off('resize', redraw));
  return (told) => {
    last = told;
    draw(told);
  };
}
