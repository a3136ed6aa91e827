/** One thing that was looked at, and how it is. */
export interface Check {
  readonly id: string;
  readonly status: 'pass' | 'warn' | 'fail' | 'unseen';
  readonly title: string;
  readonly remedy: string | null;
}

export function pass(id: string, title: string): Check {
  return { id, status: 'pass', title, remedy: null };
}

export function warn(id: string, title: string, remedy: string): Check {
  return { id, status: 'warn', title, remedy };
}

export function fail(id: string, title: string, remedy: string): Check {
  return { id, status: 'fail', title, remedy };
}

export function unseen(id: string, what: string): Check {
  return { id, status: 'unseen', title: `${what} could not be seen`, remedy: null };
}
