/** An id as some applications have it: only its `toJSON` says what it is. */
export class OpaqueId {
  readonly #id: number;

  constructor(id: number) {
    this.#id = id;
  }

  toJSON(): number {
    return this.#id;
  }
}
