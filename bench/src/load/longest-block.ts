const TICK_MILLIS = 5;

/** Watches how long nothing else in this process had its turn; returns how to end it, with the longest in ms. */
export function watchBlocks(): () => number {
  let last = performance.now();
  let longest = 0;
  const look = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last - TICK_MILLIS);
    last = now;
  };
  const timer = setInterval(look, TICK_MILLIS);
  return () => {
    look();
    clearInterval(timer);
    return longest;
  };
}
