import type { LoadResult } from '@lifeguard/testkit';
import type { Application } from './application.ts';
import { applyLoad, joinRounds, type RoundResult } from './load.ts';
import type { Measure } from './measured.ts';
import { orderOfRound } from './variants.ts';

export const ROUNDS = 3;

/** All streams at once in every round, one application after the other, in rotating order. */
export const measureRounds: Measure = async (incident, applications, settings) => {
  const { sampler, seconds, progress } = settings;
  const rounds = new Map<Application, { results: RoundResult[]; peak: number }>(
    applications.map((application) => [application, { results: [], peak: 0 }]),
  );
  for (let round = 0; round < ROUNDS; round++) {
    for (const application of orderOfRound(applications, round)) {
      const { variant, origin, applicationName } = application;
      progress(`${incident.name}: round ${round + 1} of ${ROUNDS}, ${variant.label}`);
      const [result, peak] = await sampler.peakDuring(applicationName, () =>
        applyLoad(incident, origin, seconds * 1_000, round + 1),
      );
      const seen = rounds.get(application);
      seen?.results.push(result);
      if (seen) seen.peak = Math.max(seen.peak, peak);
    }
  }
  const { streams } = incident;
  const of = new Map(
    [...rounds].map(([application, { results, peak }]) => [
      application,
      {
        connections: peak,
        streams: streams.map(({ name }) => ({
          stream: name,
          load: joinRounds(results.map((result) => result.get(name) as LoadResult)),
        })),
      },
    ]),
  );
  return { streams, of };
};
