import { digest } from '../cache/key.ts';
import { type DataModel, Models } from '../cache/models.ts';
import { clientVersion } from '../client-version.ts';

/** What a client knows of itself. Private to Prisma; where it is missing, less is known. */
interface Internals {
  readonly _runtimeDataModel?: DataModel;
  readonly _engineConfig?: { readonly inlineSchema?: string };
  readonly _globalOmit?: unknown;
  readonly _extensions?: {
    getAllComputedFields(model: string): Record<string, { needs: unknown }> | undefined;
  };
}

/** One client, with all extensions that it has: what its answers depend on beside the arguments. */
export class ClientFacts {
  readonly #client: Internals;
  #models: Models | undefined;
  #identity: string | undefined;

  constructor(client: object) {
    this.#client = client;
  }

  get models(): Models {
    this.#models ??= new Models(this.#client._runtimeDataModel);
    return this.#models;
  }

  /**
   * The same for clients, also of other processes, that have the same answers to the same arguments; empty when
   * that is not known.
   */
  get identity(): string {
    this.#identity ??= this.#identify();
    return this.#identity;
  }

  #identify(): string {
    const { _engineConfig, _globalOmit, _extensions } = this.#client;
    const schema = _engineConfig?.inlineSchema;
    if (!schema || !_extensions) return '';
    // What a computed field needs is read even where it is omitted.
    const computed = this.models.names.map((model) =>
      Object.entries(_extensions.getAllComputedFields(model) ?? {}).map(([name, { needs }]) => [
        name,
        needs,
      ]),
    );
    return digest(JSON.stringify([clientVersion, schema, _globalOmit ?? null, computed]));
  }
}
