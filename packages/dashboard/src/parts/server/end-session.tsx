import { ActionButton } from '../action.tsx';

/** Ends a session of the server, once that is confirmed. */
export function EndSession({ pool, pid }: { pool: string; pid: number }) {
  return (
    <ActionButton
      label="End"
      question={`End session ${pid}?`}
      deed={`End ${pid}`}
      query={{ action: 'terminate', pool, pid: `${pid}`, confirm: `${pid}` }}
    >
      What it is doing fails, and its transaction is rolled back.
    </ActionButton>
  );
}
