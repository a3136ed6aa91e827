import type { BenchOptions } from './arguments.ts';
import type { Case } from './cases/case.ts';
import { describeMachine, isBusy } from './machine.ts';
import { measureInChild } from './measure.ts';
import { type BenchResults, type CaseResult, caseResult, type Rounds } from './report/results.ts';
import { orderOfRound } from './rotation.ts';
import { BenchServer } from './server.ts';

/** Runs the cases one after the other on one server; at any time one peer is measured. */
export async function runBench(
  options: BenchOptions,
  say: (text: string) => void,
): Promise<BenchResults> {
  const startedAt = new Date().toISOString();
  let server: BenchServer | undefined;
  if (options.cases.some(needsServer)) {
    say('starting PostgreSQL');
    server = await BenchServer.start(options.cases);
  }
  try {
    const machine = describeMachine(server?.version);
    if (isBusy(machine)) {
      say(`load average ${machine.loadAverage}: others are at work here, figures will be lower`);
    }
    const cases: CaseResult[] = [];
    for (const one of options.cases) {
      const url = server && needsServer(one) ? await server.urlFor(one) : '';
      cases.push(await runCase(one, url, options, say));
    }
    const { rounds, seconds } = options;
    return { version: 1, startedAt, machine, rounds, seconds, cases };
  } finally {
    await server?.stop();
  }
}

function needsServer({ needs }: Case): boolean {
  return needs !== 'nothing';
}

async function runCase(
  one: Case,
  url: string,
  { rounds: count, seconds, profile }: BenchOptions,
  say: (text: string) => void,
): Promise<CaseResult> {
  const rounds = new Map<string, Rounds>(
    one.peers.map((peer) => [peer, { values: [], errors: [] }]),
  );
  const { reference } = one;
  const ofReference: Rounds = { values: [], errors: [] };
  for (let round = 0; round < count; round++) {
    for (const peer of orderOfRound(one.peers, round)) {
      say(`${one.name}: round ${round + 1} of ${count}, ${peer}`);
      const assignment = { caseName: one.name, peer, setup: { url, seconds } };
      try {
        rounds.get(peer)?.values.push(await measureInChild(assignment, profile));
      } catch (error) {
        rounds.get(peer)?.errors.push((error as Error).message);
      }
    }
    // What is not to be had in one round is not to be had in the next.
    if (!reference || ofReference.errors.length > 0) continue;
    say(`${one.name}: round ${round + 1} of ${count}, ${reference.name}, for scale`);
    try {
      ofReference.values.push(await reference.measure({ url, seconds }));
    } catch (error) {
      ofReference.errors.push((error as Error).message);
    }
  }
  return caseResult(one, rounds, ofReference);
}
