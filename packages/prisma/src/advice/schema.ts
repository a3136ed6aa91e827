/** A field of a model, as far as advice needs it. */
export interface Field {
  readonly name: string;
  /** A scalar, an enum, or another model. */
  readonly type: string;
  readonly isList: boolean;
  /** By itself, not together with others. */
  readonly isUnique: boolean;
  /** Of a relation, on the side that has the foreign key: its fields, and what they refer to. */
  readonly foreignKey?: {
    readonly fields: readonly string[];
    readonly references: readonly string[];
  };
}

export type Model = ReadonlyMap<string, Field>;

/** The models of a Prisma schema, by name. */
export class Schema {
  readonly #models = new Map<string, Model>();

  /** `text`: the schema, as a generated client carries it. What can't be read is not known. */
  constructor(text: string) {
    for (const [, name = '', body = ''] of text.matchAll(MODEL)) {
      const fields = body.split('\n').flatMap((line) => fieldOf(line) ?? []);
      this.#models.set(name, new Map(fields.map((field) => [field.name, field])));
    }
  }

  field(model: string, name: string): Field | undefined {
    return this.#models.get(model)?.get(name);
  }

  isRelation({ type }: Field): boolean {
    return this.#models.has(type);
  }

  /**
   * Fields of `model` that lead to one row of `target` by its `key`: `user` of an order, whose `userId`
   * refers to the user's `id`.
   */
  relationsTo(model: string, target: string, key: string): string[] {
    return this.#fieldsOf(model)
      .filter(({ type, foreignKey }) => type === target && isOnly(foreignKey?.references, key))
      .map(({ name }) => name);
  }

  /**
   * Fields of `model` that lead to the rows of `target` whose `foreignKey` field refers to it: `orders` of a
   * user, for an order's `userId`.
   */
  relationsFrom(model: string, target: string, foreignKey: string): string[] {
    const back = this.#fieldsOf(target).filter(
      (field) => field.type === model && isOnly(field.foreignKey?.fields, foreignKey),
    );
    const lists = this.#fieldsOf(model).filter(({ type, isList }) => type === target && isList);
    // With several relations between the two it is not certain which is which.
    return back.length === 1 && lists.length === 1 ? lists.map(({ name }) => name) : [];
  }

  #fieldsOf(model: string): Field[] {
    return [...(this.#models.get(model)?.values() ?? [])];
  }
}

/** It ends with a brace at the beginning of a line: within there are others, in comments and defaults. */
const MODEL = /^[ \t]*model\s+(\w+)\s*\{([\s\S]*?)^[ \t]*\}/gm;
const FIELD = /^\s*(\w+)\s+(\w+)(\[\])?\??(.*)$/;
const FOREIGN_KEY = /@relation\([^)]*fields:\s*\[([^\]]*)\][^)]*references:\s*\[([^\]]*)\]/;

function fieldOf(line: string): Field | undefined {
  const [, name, type, list, attributes = ''] = FIELD.exec(line.replace(/\/\/.*/, '')) ?? [];
  if (!name || !type) return undefined;
  const [, fields, references] = FOREIGN_KEY.exec(attributes) ?? [];
  return {
    name,
    type,
    isList: list !== undefined,
    isUnique: /@(?:id|unique)\b/.test(attributes),
    ...(fields &&
      references && { foreignKey: { fields: names(fields), references: names(references) } }),
  };
}

function names(list: string): string[] {
  return list.split(',').map((name) => name.trim());
}

function isOnly(names: readonly string[] | undefined, name: string): boolean {
  return names?.length === 1 && names[0] === name;
}
