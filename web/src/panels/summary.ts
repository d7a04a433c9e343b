// Reading `index.summary`, which is plain data of no fixed type: what is not there is null or an empty list.

export type Row = Record<string, unknown>;

/** A mean over runs: `error` is its standard error, `low` and `high` bound 90 % of the runs. */
export interface Estimate {
  value: number;
  error: number | null;
  low: number | null;
  high: number | null;
  runs: number;
}

export function record(found: unknown): Row {
  return typeof found === "object" && found !== null && !Array.isArray(found) ? (found as Row) : {};
}

export function list(found: unknown): Row[] {
  return Array.isArray(found) ? found.map(record) : [];
}

export function text(found: unknown): string {
  return typeof found === "string" ? found : typeof found === "number" ? String(found) : "";
}

export function texts(found: unknown): string[] {
  return Array.isArray(found) ? found.filter((one): one is string => typeof one === "string") : [];
}

export function number(found: unknown): number | null {
  return typeof found === "number" && Number.isFinite(found) ? found : null;
}

export function estimate(found: unknown): Estimate | null {
  const row = record(found);
  const value = number(row.value);
  if (value === null) return null;
  return { value, error: number(row.error), low: number(row.low), high: number(row.high), runs: number(row.runs) ?? 0 };
}
