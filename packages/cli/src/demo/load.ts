import type { Incident, Stream } from '@lifeguard/storefront';
import {
  closedLoop,
  httpTarget,
  type LoadResult,
  mergeLoadResults,
  openLoop,
} from '@lifeguard/testkit';
import { seededRandom } from '@lifeguard/testkit/random';

/** Users who are told that the shop can't serve them try again after a while, and not in the same moment. */
export const PAUSE_AFTER_FAILURE_MILLIS = 1_000;

/** What one round of load did, by the name of the stream. */
export type RoundResult = ReadonlyMap<string, LoadResult>;

/** All streams of an incident at once, on one application. The same seed makes the same requests. */
export async function applyLoad(
  incident: Incident,
  origin: string,
  durationMillis: number,
  seed: number,
): Promise<RoundResult> {
  const results = await Promise.all(
    incident.streams.map(
      async (stream, index) =>
        [stream.name, await applyStream(stream, origin, durationMillis, seed + index)] as const,
    ),
  );
  return new Map(results);
}

async function applyStream(
  { arrival, method, path, body, headers }: Stream,
  origin: string,
  durationMillis: number,
  seed: number,
): Promise<LoadResult> {
  const context = { random: seededRandom(seed) };
  const target = httpTarget({
    origin,
    method,
    path: () => path(context),
    headers: () => ({
      ...(body && { 'content-type': 'application/json' }),
      ...headers?.(context),
    }),
    ...(body && { body: () => JSON.stringify(body(context)) }),
  });
  try {
    return arrival.kind === 'closed'
      ? await closedLoop({
          users: arrival.users,
          durationMillis,
          pauseAfterFailureMillis: PAUSE_AFTER_FAILURE_MILLIS,
          run: target,
        })
      : await openLoop({
          ratePerSecond: arrival.requestsPerSecond,
          durationMillis,
          seed,
          run: target,
        });
  } finally {
    await target.close();
  }
}

/** Rounds one after the other: counts add up, the throughput is their mean. */
export function joinRounds(rounds: readonly LoadResult[]): LoadResult {
  const merged = mergeLoadResults(rounds);
  return {
    ...merged,
    throughput: merged.throughput / rounds.length,
    durationSeconds: rounds.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0),
  };
}
