// The one clock: seconds after the start of the raid, as text and as it runs.

export const SPEEDS = [1, 2, 5, 10, 20, 30, 60, 120] as const;

/** "T+01:02:03", whole seconds, rounded down. */
export function tPlus(t_s: number): string {
  const whole = Math.max(0, Math.floor(t_s));
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return `T+${parts.map((part) => String(part).padStart(2, "0")).join(":")}`;
}

/** "2026-03-09 04:05:06 UTC"; empty where the start is no date. */
export function utc(start: string, t_s: number): string {
  const at = Date.parse(hasZone(start) ? start : `${start}Z`);
  if (!Number.isFinite(at)) return "";
  return `${new Date(at + Math.floor(t_s) * 1000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

function hasZone(text: string): boolean {
  return /(?:Z|[+-]\d\d:?\d\d)$/.test(text) || !text.includes("T");
}

/** Time after `passed_ms` on the wall at `speed`, and whether the clock goes on: it stops at the end. */
export function advance(t_s: number, passed_ms: number, speed: number, end_s: number): { t_s: number; playing: boolean } {
  const next = t_s + (passed_ms / 1000) * speed;
  return next >= end_s ? { t_s: end_s, playing: false } : { t_s: next, playing: true };
}

/** The next faster (+1) or slower (-1) speed; the same where there is none. */
export function stepSpeed(speed: number, direction: 1 | -1): number {
  const beyond = SPEEDS.filter((s) => (direction > 0 ? s > speed : s < speed));
  return (direction > 0 ? beyond[0] : beyond[beyond.length - 1]) ?? speed;
}

/** A speed at which a raid takes about a minute and a half to watch. */
export function firstSpeed(end_s: number): number {
  return SPEEDS.find((speed) => end_s / speed <= 90) ?? SPEEDS[SPEEDS.length - 1]!;
}
