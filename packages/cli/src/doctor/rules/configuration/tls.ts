import { defineRule } from '../rule.ts';

/** Verified by nobody: whoever stands in between can read all. */
const UNVERIFIED = new Set(['no-verify']);
const OFF = new Set(['disable', 'false', '0', 'allow']);

export const tlsOff = defineRule({
  id: 'tls-off',
  source: 'configuration',
  finds: 'A connection to a remote host without TLS, or without a look at its certificate.',
  why: 'Password hashes, statements and rows go over the network in the open. node-postgres uses TLS only when asked to.',
  severities: ['warning', 'info'],
  needs: ['configuration'],
  thresholds: {},
  ignores: 'hosts',
  find({ configuration: { host, hostKind, tls, origin } }, _, isIgnored) {
    if (hostKind !== 'remote' || isIgnored(host)) return [];
    const isOff = tls === undefined || OFF.has(tls);
    if (!isOff && !UNVERIFIED.has(tls)) return [];
    return [
      {
        severity: isOff ? 'warning' : 'info',
        title: isOff ? `No TLS to ${host}` : `Nobody looks at the certificate of ${host}`,
        evidence: [tls === undefined ? `${origin} has no sslmode` : `sslmode ${tls} in ${origin}`],
        remedies: [
          {
            title:
              'Ask for it, with the certificate checked (sslrootcert=FILE where the host has its own authority)',
            language: 'url',
            code: '?sslmode=verify-full',
          },
        ],
      },
    ];
  },
});
