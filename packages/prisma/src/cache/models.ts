/** As much of Prisma's data model as a client has at run time. Private to Prisma. */
export interface DataModel {
  readonly models: Readonly<
    Record<string, { readonly fields: readonly Field[]; readonly dbName?: string | null }>
  >;
}

interface Field {
  readonly name: string;
  readonly kind: string;
  readonly type: string;
}

/** Writes that can write other models as well. */
const NESTED_WRITES = new Set(['create', 'update', 'upsert']);
/** What of a write says which rows it is about, or what is read of them afterwards. */
const NOT_WRITTEN = new Set(['where', 'select', 'include', 'omit']);

/** There `_count: true` counts the rows of all relations. */
const SELECTS = new Set(['select', 'include']);

/** Which models an operation has to do with, by the relations in its arguments. */
export class Models {
  readonly #tables: ReadonlyMap<string, string>;
  /** Of each model its relations: name and model. */
  readonly #relations: ReadonlyMap<string, ReadonlyMap<string, string>>;

  constructor(data: DataModel | undefined) {
    const models = Object.entries(data?.models ?? {});
    this.#tables = new Map(models.map(([model, { dbName }]) => [model, dbName ?? model]));
    this.#relations = new Map(
      models.map(([model, { fields }]) => {
        const relations = fields.filter(({ kind }) => kind === 'object');
        return [model, new Map(relations.map(({ name, type }) => [name, type]))];
      }),
    );
  }

  get names(): string[] {
    return [...this.#relations.keys()];
  }

  /** The table or view that a model is mapped to, without its schema. */
  tableOf(model: string): string | undefined {
    return this.#tables.get(model);
  }

  /** Those that an answer is made of: what it selects, filters and orders by. */
  read(model: string, args: unknown): Set<string> {
    const models = new Set([model]);
    this.#collect(model, args, models);
    return models;
  }

  /** Those that a write says it changes. What the database does by itself, such as cascades, it does not say. */
  written(model: string, operation: string, args: unknown): Set<string> {
    const models = new Set([model]);
    if (!NESTED_WRITES.has(operation)) return models;
    for (const [name, value] of Object.entries(Object(args))) {
      if (!NOT_WRITTEN.has(name)) this.#collect(model, value, models);
    }
    return models;
  }

  #collect(model: string, value: unknown, into: Set<string>): void {
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
    if (Array.isArray(value)) {
      for (const item of value) this.#collect(model, item, into);
      return;
    }
    const relations = this.#relations.get(model);
    for (const [name, inner] of Object.entries(value)) {
      const related = relations?.get(name);
      if (related) into.add(related);
      if (SELECTS.has(name) && Object(inner)._count === true) addAll(relations?.values(), into);
      this.#collect(related ?? model, inner, into);
    }
  }
}

function addAll(models: Iterable<string> = [], into: Set<string>): void {
  for (const model of models) into.add(model);
}
