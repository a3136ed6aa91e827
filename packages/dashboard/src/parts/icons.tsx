import type { Status } from '../model/verdict.ts';

/** The life ring. */
export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
      <circle cx="16" cy="16" r="11" class="ring-base" />
      <circle cx="16" cy="16" r="11" class="ring-bands" />
      <circle cx="16" cy="16" r="15.2" class="ring-edge" />
      <circle cx="16" cy="16" r="6.8" class="ring-edge" />
    </svg>
  );
}

/** A shape for each, so that colour is not all that tells them apart. */
export function StatusIcon({ status, size = 20 }: { status: Status; size?: number }) {
  return (
    <svg
      class="status-icon"
      data-status={status}
      viewBox="0 0 20 20"
      width={size}
      height={size}
      aria-hidden="true"
    >
      {status === 'pass' && (
        <>
          <circle cx="10" cy="10" r="9" />
          <path d="M6 10.4l2.7 2.7L14.2 7.4" />
        </>
      )}
      {status === 'warn' && (
        <>
          <path class="shape" d="M10 1.6 19 17.8H1z" />
          <path d="M10 7.4v4.6M10 14.6v.4" />
        </>
      )}
      {status === 'fail' && (
        <>
          <path class="shape" d="M6.3 1h7.4L19 6.3v7.4L13.7 19H6.3L1 13.7V6.3z" />
          <path d="M10 5.4v5.6M10 14v.4" />
        </>
      )}
    </svg>
  );
}
