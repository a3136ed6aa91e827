import type { IncidentChange, IncidentRecord } from '../incidents/incident-log.ts';

export function incidentRecord(part: Partial<IncidentRecord> = {}): IncidentRecord {
  return {
    id: 'main-1',
    kind: 'pool-exhausted',
    pool: 'main',
    severity: 'critical',
    title: 'callers gave up waiting',
    evidence: ['one in a hundred waits was over 5.0 s', '12 callers wait now'],
    cause: 'More work asks for connections than they can do.',
    remedy: 'Look at the other incidents first.',
    weight: 1,
    count: 3,
    episodes: 1,
    firstSeen: '2026-03-01T12:00:00.000Z',
    lastSeen: '2026-03-01T12:00:05.000Z',
    overSince: null,
    explainedBy: [],
    ...part,
  };
}

export function began(part?: Partial<IncidentRecord>): IncidentChange {
  return { type: 'began', incident: incidentRecord(part) };
}

export function over(part?: Partial<IncidentRecord>): IncidentChange {
  const incident = incidentRecord(part);
  return { type: 'over', incident: { ...incident, overSince: incident.lastSeen } };
}
