// Taking it away: the scenario as a file, and the commands that repeat what the studio ran.

import { el } from "../dom";
import type { Base } from "./api";

const NAME_MAX = 40;

/** A file name from a title: the first words of it in small letters, digits and hyphens, and never empty. */
export function fileName(title: string): string {
  const own = title.replace(/ \(changed in the studio\)$/, ""); // "my" says it
  const plain = own.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const words = plain.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
  const short = words.length > NAME_MAX ? words.slice(0, NAME_MAX + 1).replace(/-[^-]*$/, "").slice(0, NAME_MAX) : words;
  return `my-${short || "scenario"}.toml`;
}

/** What to type to repeat a result: the run, and, where the start was a shipped scenario, the comparison. */
export function commands(base: Base, file: string, runs: number, seed: number): string {
  const how = `--runs ${runs} --seed ${seed}`;
  const run = `opendome run ${file} ${how} --out results/${file.replace(/\.toml$/, "")}`;
  return "start" in base ? `${run}\nopendome compare ${base.start} ${file} ${how}` : run;
}

/** Give the reader a text as a file. */
export function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "application/toml" }));
  const link = el("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
