/** Time that has passed, whatever the machine's clocks do. Protocol §7. */

/**
 * Start counting; returns how to read, in milliseconds.
 *
 * It is the greater of what two clocks say: the monotonic one may stand still while the machine
 * sleeps, the wall clock may be set back.
 */
export const stopwatch = (already = 0): (() => number) => {
  const monotonic = performance.now();
  const wall = Date.now();
  return () => already + Math.max(performance.now() - monotonic, Date.now() - wall);
};

/** A timer that keeps no Node process alive. */
export const later = (work: () => void, milliseconds: number): ReturnType<typeof setTimeout> => {
  const timer = setTimeout(work, Math.min(milliseconds, 2e9));
  (timer as { unref?: () => void }).unref?.();
  return timer;
};
