// Values as text and back. What cannot be read is told at once; whether a scenario may hold it is for the server to say.

import type { Row, Value } from "./api";

export type Read = { value: Value } | { says: string };

export function isNumeric(row: Row): boolean {
  return row.kind === "number" || row.kind === "integer";
}

/** A value as it stands in a field: every digit, no commas. */
export function textOf(value: Value): string {
  return value === null ? "" : String(value);
}

/** A value as it stands in a sentence or a list. */
export function wordsOf(value: Value, unit = ""): string {
  if (value === null || value === "") return "nothing";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") return value.length > 60 ? `${value.slice(0, 57)}...` : value;
  return unit ? `${grouped(value)} ${unit}` : grouped(value);
}

/** Every digit of a number, with commas between thousands (not within a year or the like: from 10,000 on). */
export function grouped(value: number): string {
  const [front, back] = String(value).split(".") as [string, string?];
  if (/e/.test(String(value)) || Math.abs(value) < 10_000) return String(value);
  return front.replace(/\B(?=(\d{3})+$)/g, ",") + (back ? `.${back}` : "");
}

/** What was typed into a row's field. An empty field is nothing where the row started with nothing. */
export function readValue(row: Row, typed: string): Read {
  const text = typed.trim();
  if (!isNumeric(row)) {
    if (row.kind !== "text" && text === "") return row.value === null ? { value: null } : { says: startedWith(row) };
    if (row.kind === "choice") return { value: row.choices?.find((one) => String(one) === text) ?? text };
    return { value: row.kind === "text" ? (typed === "" && row.value === null ? null : typed) : text };
  }
  if (text === "") return row.value === null ? { value: null } : { says: startedWith(row) };
  const plain = text.replace(/^\u2212/, "-");
  if (/^[+-]?\d+,\d+$/.test(plain)) return { says: `Write a point and no comma: ${plain.replace(",", ".")}, or ${plain.replace(",", "")}.` };
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) {
    const unit = row.unit ? ` Leave the unit out: it is ${row.unit}.` : "";
    return { says: `A number is wanted here${row.unit && /\d/.test(plain) ? `.${unit}` : ", such as " + example(row) + "."}` };
  }
  const value = Number(plain);
  if (!Number.isFinite(value)) return { says: "This number is too large to be held." };
  if (row.kind === "integer" && !Number.isInteger(value)) {
    return { says: `A whole number is wanted here: ${Math.floor(value)} or ${Math.ceil(value)}.` };
  }
  return { value: value === 0 ? 0 : value };
}

function startedWith(row: Row): string {
  return `This cannot be empty; it started with ${wordsOf(row.value, row.unit)}.`;
}

function example(row: Row): string {
  return textOf(typeof row.value === "number" ? row.value : row.low ?? row.minimum ?? 1);
}

/** Whether a value lies outside the range that its row declares. */
export function isOutside(row: Row, value: Value): boolean {
  return typeof value === "number" && row.low !== null && row.high !== null && (value < row.low || value > row.high);
}

/** `0 to 1`, `at least 0`: what a scenario may hold there; "" where anything may be. */
export function allowed({ minimum, maximum }: Row): string {
  if (minimum !== null && maximum !== null) return `${grouped(minimum)} to ${grouped(maximum)}`;
  if (minimum !== null) return `at least ${grouped(minimum)}`;
  return maximum !== null ? `at most ${grouped(maximum)}` : "";
}

interface Range {
  low: number;
  high: number;
}

export function hasRange(row: Row): row is Row & Range {
  return isNumeric(row) && row.low !== null && row.high !== null && row.high > row.low;
}

/** Where a value stands on the bar of its range: 0 at low, 1 at high; beyond them down to -0.15 and up to 1.15. */
export function placeOn(row: Range, value: number): number {
  return Math.min(Math.max((value - row.low) / (row.high - row.low), -BEYOND), 1 + BEYOND);
}

export const BEYOND = 0.15;

/** A value at a place on the bar, in few digits: a whole number for a count, else a hundredth of the range. */
export function valueAt(row: Range & Pick<Row, "kind">, place: number): number {
  const inside = Math.min(Math.max(place, 0), 1);
  if (inside === 0 || inside === 1) return inside ? row.high : row.low;
  const step = stepOf(row, 100);
  return Math.min(Math.max(tidy(Math.round((row.low + inside * (row.high - row.low)) / step) * step), row.low), row.high);
}

/** The next value by an arrow key: a twentieth of the range in round steps, or a tenth of the value without one. */
export function nextValue(row: Row, value: number, direction: 1 | -1): number {
  const step = hasRange(row) ? stepOf(row, 20) : row.kind === "integer" ? 1 : roundStep(Math.abs(value || 1) / 10);
  const next = tidy((Math.round(value / step) + direction) * step);
  return Math.min(Math.max(next, row.minimum ?? -Infinity), row.maximum ?? Infinity);
}

function stepOf(row: Range & Pick<Row, "kind">, parts: number): number {
  const step = roundStep((row.high - row.low) / parts);
  return row.kind === "integer" ? Math.max(1, Math.round(step)) : step;
}

/** 1, 2 or 5 times a power of ten, not above what is asked. */
function roundStep(asked: number): number {
  const most = tidy(asked);
  const unit = 10 ** Math.floor(Math.log10(most));
  return tidy(unit * (most / unit >= 5 ? 5 : most / unit >= 2 ? 2 : 1));
}

/** A number without the dust of binary arithmetic. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}
