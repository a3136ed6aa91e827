import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort, findProgram, INSTALL_LIMIT_MILLIS, KeptProgram } from '@lifeguard/testkit';

const START_LIMIT_MILLIS = 30_000;
/** Prometheus may have to be installed first. */
export const PROMETHEUS_LIMIT_MILLIS = INSTALL_LIMIT_MILLIS + START_LIMIT_MILLIS;

interface Target {
  readonly health: 'up' | 'down' | 'unknown';
  readonly lastError: string;
}

type Series = readonly { readonly metric: Readonly<Record<string, string>> }[];

/** A Prometheus that scrapes one address once a second, and ends with the test's process. */
export class Prometheus {
  readonly #program: KeptProgram;
  readonly #port: number;

  private constructor(program: KeptProgram, port: number) {
    this.#program = program;
    this.#port = port;
  }

  static async scraping(address: string): Promise<Prometheus> {
    const program = await findProgram({
      program: 'prometheus',
      package: 'prometheus',
      elsewhere: 'brew install prometheus',
    });
    const folder = mkdtempSync(join(tmpdir(), 'lifeguard-prometheus-'));
    chmodSync(folder, 0o700);
    const { host, pathname } = new URL(address);
    // YAML reads JSON.
    const config = {
      global: { scrape_interval: '1s' },
      scrape_configs: [
        { job_name: 'shop', metrics_path: pathname, static_configs: [{ targets: [host] }] },
      ],
    };
    const file = join(folder, 'prometheus.yml');
    writeFileSync(file, JSON.stringify(config));
    const port = await findFreePort();
    const kept = new KeptProgram({
      folder,
      program,
      args: [
        `--config.file=${file}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
    });
    const prometheus = new Prometheus(kept, port);
    const answers = () =>
      prometheus.#ask('/-/ready').then(
        ({ ok }) => ok,
        () => false,
      );
    if (await kept.becomesReady(answers, START_LIMIT_MILLIS)) return prometheus;
    const log = kept.log;
    await kept.kill();
    throw new Error(`Prometheus did not start. The end of its log:\n${log}`);
  }

  /** How the last scrape went. */
  async target(): Promise<Target | undefined> {
    const response = await this.#ask('/api/v1/targets');
    const { data } = (await response.json()) as { data: { activeTargets: Target[] } };
    return data.activeTargets[0];
  }

  /** @throws what Prometheus says of an expression that it does not take. */
  async query(expression: string): Promise<Series> {
    const response = await this.#ask(`/api/v1/query?${new URLSearchParams({ query: expression })}`);
    const answer = (await response.json()) as { data?: { result: Series }; error?: string };
    if (!answer.data) throw new Error(`${answer.error} in ${expression}`);
    return answer.data.result;
  }

  async stop(): Promise<void> {
    await this.#program.kill();
  }

  #ask(path: string): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.#port}${path}`);
  }
}
