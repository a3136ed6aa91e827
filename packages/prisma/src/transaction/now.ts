/** The pool's clock, in which deadlines are told; as it was before a test faked time. */
export const now: () => number = performance.now.bind(performance);
