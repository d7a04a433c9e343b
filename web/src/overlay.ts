// Areas laid over the picture: footprints and coverage, worked out by the server when they are asked for. The page draws
// their cells; what they are of and what they rest on comes with them, in sentences.

import type { Index, Overlay, Source } from "./data";
import { layerOf } from "./globe/ground";
import type { Palette } from "./map/palette";
import type { State, Store } from "./state";
import { sentenceOf } from "./wrong";

/** Those that can be had here: all from a server, from a mailed file those that it holds. By number, as links have it. */
export function offered(index: Index, source: Source): number[] {
  return index.overlays.flatMap(({ name }, k) => (source.holds(name) ? [k] : []));
}

/** Colour of an overlay: that of its layer or constellation. */
export function colourOf(index: Index, { kind, of }: Index["overlays"][number], colours: Palette): string {
  const [from, at] = kind === "footprint" ? [colours.layers, layerOf(index, of)]
    : [colours.shells, index.constellations.findIndex(({ name }) => name === of)];
  return from[Math.max(0, at) % from.length]!;
}

/** Cells (row, column) in which level `k` holds. */
export function cellsAt({ level }: Overlay, k: number): [number, number][] {
  return level.flatMap((row, i) => row.flatMap((found, j): [number, number][] => (found >= k ? [[i, j]] : [])));
}

/** Sides where level `k` ends, as corners (row, column) of the grid; a grid that goes round the Earth has no ends. */
export function sidesAt(overlay: Overlay, k: number): [number, number, number, number][] {
  const { level, lon_edges_deg } = overlay;
  const n = lon_edges_deg.length - 1;
  const isRound = lon_edges_deg[n]! - lon_edges_deg[0]! > 359.9;
  const holds = (i: number, j: number): boolean => (level[i]?.[isRound ? (j + n) % n : j] ?? 0) >= k;
  return cellsAt(overlay, k).flatMap(([i, j]) => {
    const sides: [number, number, number, number][] = [];
    if (!holds(i - 1, j)) sides.push([i, j, i, j + 1]);
    if (!holds(i + 1, j)) sides.push([i + 1, j, i + 1, j + 1]);
    if (!holds(i, j - 1)) sides.push([i, j, i + 1, j]);
    if (!holds(i, j + 1)) sides.push([i, j + 1, i + 1, j + 1]);
    return sides;
  });
}

export interface Ways {
  say: (sentence: string) => void;
  /** Says what is waited for; returns how to stop. */
  wait: (sentence: string) => () => void;
}

/** Gets the overlay that the state names; returns which is there now. Everyone is told again when it has come. */
export function followOverlay(store: Store, index: Index, source: Source, { say, wait }: Ways): () => Overlay | null {
  const kept = new Map<number, Overlay>();
  let stop = (): void => {};
  const get = (asked: number): void => {
    const { name, label } = index.overlays[asked]!;
    stop = wait(`Working out ${label} ...`);
    source.overlay(name).then((found) => {
      kept.set(asked, found);
      if (store.state.overlay === asked) store.tell(new Set<keyof State>(["overlay"]));
    }).catch((error: unknown) => {
      if (store.state.overlay !== asked) return;
      store.set({ overlay: null });
      say(sentenceOf(error));
    });
  };
  // What has come, or failed, is told by a change of the state, and that ends the waiting.
  const follow = ({ overlay }: Readonly<State>): void => {
    stop();
    stop = () => {};
    if (overlay !== null && !kept.has(overlay)) get(overlay);
  };
  store.subscribe((state, changed) => { if (changed.has("overlay")) follow(state); });
  follow(store.state);
  return () => (store.state.overlay === null ? null : kept.get(store.state.overlay) ?? null);
}
