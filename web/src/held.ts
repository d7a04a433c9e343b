// Which replays a mailed file holds. A served page holds none of its own and asks for any.

export interface Held {
  run: number;
  raid: string;
}

/** From the ids of the blocks, `data:replay/RUN/RAID/meta.json`, in the order of the file. */
export function heldBy(ids: readonly string[]): Held[] {
  return ids.flatMap((id) => {
    const found = /^data:replay\/(\d+)\/(.+)\/meta\.json$/s.exec(id);
    return found ? [{ run: Number(found[1]), raid: found[2]! }] : [];
  });
}

export function heldIn(page: Document): Held[] {
  return heldBy(Array.from(page.querySelectorAll('script[id^="data:replay/"]'), (block) => block.id));
}

/** What to open first: what the link asks for, else the first that is held, else run 0 of the first raid. */
export function firstOf(asked: Partial<Held>, held: readonly Held[], raids: readonly { name: string }[]): Held {
  const fits = held.find((one) => (asked.run ?? one.run) === one.run && (asked.raid ?? one.raid) === one.raid);
  return fits ?? { run: asked.run ?? held[0]?.run ?? 0, raid: asked.raid ?? held[0]?.raid ?? raids[0]?.name ?? "" };
}
