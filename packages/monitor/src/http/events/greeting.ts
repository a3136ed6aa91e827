import type { Grant } from '../access/access.ts';
import type { ActionName } from '../actions/actions.ts';

/** Said once to each page, before all else. */
export interface DashboardGreeting {
  /** By what it may look. */
  readonly by: Grant['by'];
  /** What may be done from it. */
  readonly actions: readonly ActionName[];
  /** It could do more once the token is shown. */
  readonly couldSignIn: boolean;
}
