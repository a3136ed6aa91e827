/** As much of `@prisma/driver-adapter-utils`' error as is looked at: what the adapter makes of pg's. */
export interface DriverAdapterError extends Error {
  readonly cause: {
    readonly kind: string;
    readonly originalCode?: string;
    readonly originalMessage?: string;
    readonly [detail: string]: unknown;
  };
}

export function isDriverAdapterError(error: unknown): error is DriverAdapterError {
  return error instanceof Error && error.name === 'DriverAdapterError' && isObject(error.cause);
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

interface UserFacing {
  readonly code: string;
  readonly message: string;
}

type Kinds = Readonly<Record<string, (cause: DriverAdapterError['cause']) => UserFacing>>;

/** Kinds of a login that failed. Prisma says so for models, but not for raw SQL. */
const AT_LOGIN: Kinds = {
  AuthenticationFailed: ({ user }) => ({
    code: 'P1000',
    message: `Authentication failed against the database server, the provided database credentials for \`${orNone(user)}\` are not valid`,
  }),
  DatabaseDoesNotExist: ({ db }) => ({
    code: 'P1003',
    message: `Database \`${orNone(db)}\` does not exist on the database server`,
  }),
  DatabaseAccessDenied: ({ db }) => ({
    code: 'P1010',
    message: `User was denied access on the database \`${orNone(db)}\``,
  }),
  TlsConnectionError: ({ reason }) => ({
    code: 'P1011',
    message: `Error opening a TLS connection: ${reason}`,
  }),
};

/** Kinds of what a COMMIT may be refused with, by constraints that are deferred until then. */
const AT_COMMIT: Kinds = {
  UniqueConstraintViolation: ({ constraint }) => ({
    code: 'P2002',
    message: `Unique constraint failed on the ${describe(constraint)}`,
  }),
  ForeignKeyConstraintViolation: ({ constraint }) => ({
    code: 'P2003',
    message: `Foreign key constraint violated on the ${describe(constraint)}`,
  }),
  TransactionWriteConflict: () => ({
    code: 'P2034',
    message:
      'Transaction failed due to a write conflict or a deadlock. Please retry your transaction',
  }),
};

/** Undefined unless the login failed. */
export function loginFailure({ cause }: DriverAdapterError): UserFacing | undefined {
  return AT_LOGIN[cause.kind]?.(cause);
}

/** What Prisma says of a statement of a model; of a COMMIT it says nothing, and shows the bare error. */
export function commitFailure({ cause, message }: DriverAdapterError): UserFacing {
  const { kind, originalCode = 'N/A', originalMessage = message } = cause;
  const other = {
    code: 'P2039',
    message: `Database error. Code: \`${originalCode}\`. Message: \`${originalMessage}\``,
  };
  return AT_COMMIT[kind]?.(cause) ?? other;
}

function orNone(value: unknown): unknown {
  return value ?? '(not available)';
}

function describe(constraint: unknown): string {
  const { fields, index } = Object(constraint) as { fields?: string[]; index?: string };
  if (fields) return `fields: (${fields.map((field) => `\`${field}\``).join(', ')})`;
  return index === undefined ? '(not available)' : `constraint: \`${index}\``;
}
