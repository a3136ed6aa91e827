import type { PoolStats } from '@lifeguard/pool';
import type { Incident } from './incident.ts';
import type { ReplicaStatus, Surroundings } from './surroundings.ts';
import { bytes } from './words.ts';

/** A replica that has left its primary, or does not answer whoever reads from it. */
export function detectReplicaLost(_: PoolStats, { replicas = [] }: Surroundings = {}): Incident[] {
  return replicas.filter(({ isUp }) => !isUp).map(ofReplica);
}

function ofReplica({ name, isUsed, lostSince, slot, keptBytes }: ReplicaStatus): Incident {
  const hasLeft = lostSince !== undefined;
  return {
    kind: 'replica-lost',
    title: hasLeft
      ? `the replica ${name} is gone: it receives no more changes`
      : `the replica ${name} does not answer`,
    evidence: [
      ...(hasLeft
        ? [`not among the server’s standbys (pg_stat_replication) since ${lostSince}`]
        : []),
      ...(slot !== undefined && keptBytes !== undefined
        ? [
            `its slot ${slot} keeps ${bytes(keptBytes)} of log on the primary’s disk until it returns`,
          ]
        : []),
      ...(isUsed === undefined
        ? []
        : [isUsed ? 'reads still go to it' : 'no reads go to it now; the others serve them']),
    ],
    cause: `It is down, or the network does not reach it.${
      hasLeft
        ? ' If it still answers, what it says gets older and older, and it can’t take the primary’s place.'
        : ''
    }`,
    remedy: [
      'Look whether the server runs and the network reaches it; its log says why it stopped.',
      ...(hasLeft
        ? ['“requested WAL segment … has already been removed” means that it must be built anew.']
        : []),
      ...(slot === undefined
        ? []
        : [
            `If it will not return, \`SELECT pg_drop_replication_slot('${slot}')\` lets the primary free its disk.`,
          ]),
      ...(hasLeft
        ? ['If it was taken out on purpose, nothing has to be done: it is told for a day.']
        : []),
    ].join(' '),
    weight: keptBytes ?? 0,
    subject: name,
    isUnderWay: true,
  };
}
