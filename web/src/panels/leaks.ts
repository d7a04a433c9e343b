// Leak-through by type and area, what sensors in orbit warned of, and observed against simulated: means of all runs.

import type { Index } from "../data";
import { bands } from "./bands";
import { element, link, scrolled, section, small, table, type Cell, type Column } from "./dom";
import { level, share, short, withError } from "./format";
import type { Part } from "./loaded";
import { estimate, list, number, record, text, type Estimate, type Row } from "./summary";

const MEAN = "Mean over runs with its standard error.";
const BAND = "Nine runs of ten lie between these two.";

/** Mean and error, and below them the band of a share or a count. */
export function withBand(found: Estimate | null, isShare = false): Cell {
  if (!found) return "–";
  const shown = isShare ? share : level;
  const band = found.low === null ? "" : `${shown(found.low)} to ${shown(found.high)}`;
  return [withError(found.value, found.error), band ? small(band) : null];
}

export function leaks(index: Index, column: "type" | "area"): Part | null {
  const rows = list(record(index.summary.leak_through)[`by_${column}`]);
  const shown = rows.map((row) => ({ name: text(row[column]), row, found: estimate(row) }));
  const known = shown.flatMap(({ name, found }) => (found ? [{ name, ...found }] : []));
  if (!known.length) return null;
  const title = column === "type" ? "Leak-through by threat type" : "Leak-through by area aimed at";
  const drawn = bands(title, known);
  const columns: Column[] = [
    { head: column },
    { head: "launched", isNumber: true, hint: "Threats launched, decoys apart: mean over runs." },
    { head: "leak-through", isNumber: true, hint: `Share of the threats launched that came down in a defended area. ${MEAN} Below: ${BAND.toLowerCase()}` },
  ];
  const cells = shown.map(({ name, row, found }) => [name, short(number(row.launched)), withBand(found, true)]);
  return { element: section(title, drawn.element, table(MEAN, columns, cells)), recolour: drawn.redraw, stop: drawn.stop };
}

export function observed(index: Index): Part | null {
  const rows = list(index.summary.observed);
  if (!rows.length) return null;
  const drawn = bands("Share destroyed, simulated and observed", rows.flatMap((row) => {
    const found = estimate(row);
    return found ? [{ name: `${text(row.label)}, ${text(row.threat_class)}`, ...found, observed: number(row.observed) }] : [];
  }), true);
  const columns: Column[] = [
    { head: "share destroyed", hint: "Calibration: kill probabilities were fitted to it. Test: they were not." },
    { head: "observed", isNumber: true, hint: "Destroyed over launched, as the source counts them. Public figures of a war come from its parties." },
    { head: "simulated", isNumber: true, hint: `${MEAN} Below: ${BAND.toLowerCase()}` },
    { head: "inside", hint: "Whether the observed share lies in the band of 90 % of the runs." },
    { head: "source" },
  ];
  const made = table("Observed and simulated", columns, rows.map((row) => observedCells(row, index)));
  return { element: section("Observed against simulated", drawn.element, scrolled(made)), recolour: drawn.redraw, stop: drawn.stop };
}

function observedCells(row: Row, index: Index): Cell[] {
  const inside = row.is_inside === true ? "yes" : row.is_inside === false ? "no" : "–";
  const note = text(row.note);
  return [[text(row.label), small(`${text(row.threat_class)}, ${text(row.used_for)}`), note ? small(note) : null], share(number(row.observed)), withBand(estimate(row), true), inside, sourceLink(text(row.source), index)];
}

/** The name of a source, as a link where it has one. */
export function sourceLink(key: string, index: Index) {
  return link(index.references[key]?.link ?? "", key);
}

/** What sensors in orbit warned of; nothing where none is. */
export function alerts(index: Index): Part | null {
  const rows = list(index.summary.alerts);
  const sensors = list(index.summary.sensors);
  if (!rows.length && !sensors.length) return null;
  const types = table("By threat type, all sensors in orbit together", [
    { head: "type" }, { head: "launched", isNumber: true, hint: "Mean over runs." },
    { head: "warned of", isNumber: true, hint: `Share that any sensor in orbit warned of. ${MEAN}` },
    { head: "after, s", isNumber: true, hint: `Seconds from launch to the first warning. ${MEAN}` },
    { head: "custody", isNumber: true, hint: `Share of the time after burnout with positions. ${MEAN}` },
  ], rows.map((row) => [text(row.type), short(number(row.launched)), withBand(estimate(row.alerted), true),
                        withBand(estimate(row.after_s)), withBand(estimate(row.custody), true)]));
  const bySensor = table("By sensor", [
    { head: "sensor" }, { head: "warned of", isNumber: true, hint: `Share of burning missiles. ${MEAN}` },
    { head: "after, s", isNumber: true, hint: `Seconds from launch to its warning. ${MEAN}` },
    { head: "in stereo", isNumber: true, hint: `Share seen by two of its satellites at once. ${MEAN}` },
    { head: "positions", isNumber: true, hint: `Positions given after burnout. ${MEAN}` },
  ], sensors.map((row) => [[text(row.sensor), small(text(row.type))], withBand(estimate(row.warned), true),
                           withBand(estimate(row.warned_after_s)), withBand(estimate(row.stereo), true), withBand(estimate(row.fixes))]));
  return { element: section("Warned from orbit", rows.length ? scrolled(types) : null, sensors.length ? scrolled(bySensor) : null) };
}

export function notes(index: Index): HTMLElement | null {
  const found = index.summary.notes;
  if (!Array.isArray(found) || !found.length) return null;
  return element("div", { class: "soft" }, ...found.map((note) => element("p", {}, text(note))));
}
