// Lanes of the timeline: which events belong to which, and where they stand.

import type { Happening } from "./story";

export const LANES = [
  { name: "launch", label: "launch", kinds: ["launch"] },
  { name: "detect", label: "detection", kinds: ["warned", "warning", "seen", "track"] },
  { name: "shot", label: "shot", kinds: ["shot"] },
  { name: "kill", label: "kill", kinds: ["kill"] },
  { name: "leak", label: "leak", kinds: ["leak"] },
] as const;

/** Times of each lane, in the order of LANES. */
export function laneTimes(happenings: readonly Happening[]): number[][] {
  return LANES.map(({ kinds }) => happenings.filter((h) => (kinds as readonly string[]).includes(h.kind)).map((h) => h.t_s));
}

/** What a run has of the height of each lane, as from and to: one run alone; the upper of two, the lower of two. */
export const ALONE = [0.15, 0.85] as const;
export const UPPER = [0.06, 0.46] as const;
export const LOWER = [0.54, 0.94] as const;

/** One path of upright strokes: x in seconds, lane `lane` from y = lane to lane + 1. */
export function strokes(times: readonly number[], lane: number, [from, to]: readonly [number, number] = ALONE): string {
  const top = Number((lane + from).toFixed(2));
  const height = Number((to - from).toFixed(2));
  return times.map((t_s) => `M${t_s.toFixed(2)} ${top}v${height}`).join("");
}

/** A window of time that is shown, in seconds. */
export type Span = readonly [number, number];

/** Half or twice as long, about t, within 0 and the end; never under ten seconds. */
export function zoom(span: Span, t_s: number, factor: number, end_s: number): Span {
  const length = Math.min(end_s, Math.max(Math.min(10, end_s), (span[1] - span[0]) * factor));
  return holding([t_s - length / 2, t_s + length / 2], end_s);
}

/** The same length, moved so that t is in it. */
export function shown(span: Span, t_s: number, end_s: number): Span {
  if (t_s >= span[0] && t_s <= span[1]) return span;
  const length = span[1] - span[0];
  return holding([t_s - length / 10, t_s + (length * 9) / 10], end_s);
}

/** A window that was chosen before the end changed; null where nothing is left of it, or where it is all of the time. */
export function fitted(span: Span | null, end_s: number): Span | null {
  if (span === null || span[0] >= end_s) return null;
  const held = span[1] <= end_s ? span : holding(span, end_s);
  return held[0] <= 0 && held[1] >= end_s ? null : held;
}

function holding([from, to]: Span, end_s: number): Span {
  const length = Math.min(to - from, end_s);
  const start = Math.min(Math.max(0, from), end_s - length);
  return [start, start + length];
}
