import { useEffect, useState } from 'preact/hooks';
import type { Line } from '../live/store.ts';
import { moment } from '../model/words.ts';

/** Whether what is shown is of now. */
export function LineState({
  line,
  at,
  onRetry,
}: {
  line: Line;
  at: string | undefined;
  onRetry: () => void;
}) {
  const now = useNow(line.is === 'lost');
  switch (line.is) {
    case 'live':
      return (
        <p class="line" data-line="live" role="status">
          <span class="pulse" aria-hidden="true" />
          Live
        </p>
      );
    case 'lost':
      return (
        <div class="line" data-line="lost">
          <p role="status">Disconnected since {moment(new Date(line.since), now)}</p>
          <p>
            {line.retryAt === undefined || line.retryAt <= now.getTime()
              ? 'Trying again …'
              : `Trying again in ${Math.ceil((line.retryAt - now.getTime()) / 1_000)} s`}
          </p>
          <button type="button" class="small" onClick={onRetry}>
            Try now
          </button>
          {at && <p class="unseen">The figures are of {moment(new Date(at), now)}.</p>}
        </div>
      );
    case 'paused':
      return <p class="line">Paused while nobody looks</p>;
    case 'refused':
      return (
        <div class="line" data-line="lost">
          <p role="status">You are signed out</p>
          <button type="button" class="small" onClick={() => location.reload()}>
            Sign in
          </button>
        </div>
      );
    default:
      return (
        <p class="line" role="status">
          Connecting …
        </p>
      );
  }
}

/** Goes on by itself while it is shown. */
function useNow(isNeeded: boolean): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    if (!isNeeded) return;
    setNow(new Date());
    const timer = setInterval(() => setNow(new Date()), 500);
    return () => clearInterval(timer);
  }, [isNeeded]);
  return now;
}
