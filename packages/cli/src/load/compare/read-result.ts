import { readFile } from 'node:fs/promises';
import { UserError } from '../../frame/user-error.ts';
import { LOAD_JSON_VERSION, type LoadResult } from '../result/result.ts';

/** @throws {UserError} when the file is no result of `lifeguard load --json`, or of another version. */
export async function readResult(file: string): Promise<LoadResult> {
  const text = await readFile(file, 'utf8').catch(({ code }: NodeJS.ErrnoException) => {
    const why = code === 'ENOENT' ? 'there is no such file' : `it can’t be read (${code})`;
    throw new UserError(`--compare ${file}: ${why}.`);
  });
  const value = parse(text);
  if (value?.command !== 'load' || !isWhole(value)) {
    throw new UserError(`--compare ${file}: that is no result of lifeguard load --json.`);
  }
  if (value.version !== LOAD_JSON_VERSION) {
    throw new UserError(
      `--compare ${file}: it is of version ${value.version}, and this lifeguard reads version ${LOAD_JSON_VERSION}.`,
    );
  }
  return value;
}

type Saved = LoadResult & { readonly version?: unknown; readonly command?: unknown };

function parse(text: string): Partial<Saved> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What is drawn and told of is there; the schema says the rest. */
function isWhole(value: Partial<Saved>): value is Saved {
  const { phases, timeline, target, settings, failures } = value;
  return (
    Array.isArray(phases) &&
    Array.isArray(failures) &&
    Array.isArray(timeline?.offered) &&
    typeof target?.url === 'string' &&
    typeof settings?.model === 'string' &&
    phases.every(
      (phase) => typeof phase?.latency?.p99 === 'number' && Array.isArray(phase.curves?.latency),
    )
  );
}
