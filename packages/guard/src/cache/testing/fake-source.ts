interface Call {
  readonly key: string;
  readonly signal: AbortSignal;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** A database that answers when the test says so. */
export class FakeSource {
  readonly calls: Call[] = [];
  /** While set, it answers at once: with this, or by throwing it when it is an Error. */
  answer: unknown;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** For a cache's `load`. */
  load(key: string): (signal: AbortSignal) => Promise<unknown> {
    return (signal) => {
      this.#count += 1;
      const { answer } = this;
      if (answer instanceof Error) return Promise.reject(answer);
      if (answer !== undefined) return Promise.resolve(answer);
      return new Promise((resolve, reject) => this.calls.push({ key, signal, resolve, reject }));
    };
  }
}

/** What pg throws when the server is gone. */
export function down(): Error {
  return Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' });
}
