/** Not the system's own; `n` is pg_namespace. */
export const IN_USERS_SCHEMA = "n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'";
