/** Errors as drivers and pools make them, one for each way that a guard tells apart. */

const withFields = (message: string, fields: object) => Object.assign(new Error(message), fields);

/** `unknown`, transient. */
export const connectionLost = () =>
  withFields('read ECONNRESET', { code: 'ECONNRESET', syscall: 'read' });

/** `not-sent`, transient. */
export const connectionRefused = () =>
  withFields('connect ECONNREFUSED 127.0.0.1:5432', { code: 'ECONNREFUSED', syscall: 'connect' });

/** `not-sent`, transient: a slow checkout. */
export const poolTimeout = () =>
  withFields('timeout exceeded when trying to connect', {
    code: 'LIFEGUARD_POOL_TIMEOUT',
    outcome: 'not-sent',
  });

/** `failed`, transient. */
export const writeConflict = () =>
  withFields('could not serialize access due to concurrent update', { code: '40001' });

/** `failed`, lasting. */
export const uniqueViolation = () =>
  withFields('duplicate key value violates unique constraint "User_email_key"', { code: '23505' });

/** Of the application itself. */
export const bug = () => new TypeError("Cannot read properties of undefined (reading 'id')");
