import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import AjvDraft4 from 'ajv-draft-04';
import addFormats from 'ajv-formats';

type Validator = (value: unknown) => string[];

/** What of a value breaks a schema of this package, in words. */
export function againstSchema(name: string): Validator {
  const schema = JSON.parse(
    readFileSync(new URL(`../../../schemas/${name}`, import.meta.url), 'utf8'),
  );
  const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true });
  const isValid = ajv.compile(schema);
  return (value) => (isValid(value) ? [] : complaintsOf(isValid.errors));
}

/** The official schema of SARIF 2.1.0 (OASIS), as @microsoft/jest-sarif carries it. */
export function againstSarif(): Validator {
  const schema = JSON.parse(readFileSync(new URL('sarif-2.1.0.json', import.meta.url), 'utf8'));
  const ajv = new AjvDraft4.default({ allErrors: true, strict: false, unicodeRegExp: false });
  addFormats.default(ajv);
  const isValid = ajv.compile(schema);
  return (value) => (isValid(value) ? [] : complaintsOf(isValid.errors));
}

function complaintsOf(
  errors: readonly { instancePath: string; message?: string }[] | null | undefined,
): string[] {
  return (errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
