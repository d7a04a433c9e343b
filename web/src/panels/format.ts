// Numbers as text, the same way the command line and the report write them (src/opendome/results/text.py).

/** `0.118 ± 0.007`: the error to one digit (two when it starts with 1), the value to the same place. */
export function withError(value: number | null, error: number | null): string {
  if (value === null || !Number.isFinite(value)) return "not known";
  if (error === null || !Number.isFinite(error)) return `${short(value)} ± ?`;
  if (error === 0) return `${short(value)} ± 0`;
  const place = placeOf(Math.abs(error));
  return `${rounded(String(value), place)} ± ${rounded(String(Math.abs(error)), place)}`;
}

/** A number in at most four digits, with commas between thousands; whole numbers in full, tiny ones as 1e-8. */
export function short(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return "–";
  const exact = value.toPrecision(60);
  if (Number.isInteger(value) || Math.abs(value) >= 1000) return rounded(exact, 0);
  const leading = Number(value.toExponential().split("e")[1]);
  const text = rounded(exact, leading - 3).replace(/\.?0+$/, "");
  if (Math.abs(value) >= 1e-4) return text;
  const [digits, power] = Number(text).toExponential().split("e") as [string, string];
  return `${digits}e${power}`;
}

/** A count in the band of a count: whole above 100, else one digit after the point. */
export function level(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return "–";
  const exact = value.toPrecision(60);
  return Math.abs(value) >= 100 ? rounded(exact, 0) : short(Number(rounded(exact, -1).replaceAll(",", "")));
}

/** A share with three digits after the point. */
export function share(value: number | null): string {
  return value === null || !Number.isFinite(value) ? "–" : rounded(value.toPrecision(60), -3);
}

/** A share of the runs in per cent: 0 % and 100 % only where it is none or all of them. */
export function perCent(value: number): string {
  const found = 100 * value;
  if (found > 0 && found < 1) return "below 1 %";
  return found > 99 && found < 100 ? "above 99 %" : `${rounded(found.toPrecision(60), 0)} %`;
}

/** An amount in M$ with no error beside it: whole numbers above 100, else three digits. */
export function money(musd: number | null): string {
  if (musd === null || !Number.isFinite(musd) || musd === 0) return "–";
  return Math.abs(musd) >= 100 ? rounded(musd.toPrecision(60), 0) : short(Number(musd.toPrecision(3)));
}

/** Seconds after the start of the raid, as `T+12:05` or `T+1:02:05`. */
export function clock(t_s: number): string {
  const whole = Math.floor(Math.max(t_s, 0));
  const two = (n: number) => String(n).padStart(2, "0");
  const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours ? `T+${hours}:${two(minutes)}:${two(seconds)}` : `T+${two(minutes)}:${two(seconds)}`;
}

/** `1 run`, `200 runs`. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${short(n)} ${n === 1 ? one : many}`;
}

/** Power of ten of the last digit that an error supports. */
function placeOf(error: number): number {
  const [digits, power] = error.toExponential().split("e") as [string, string];
  const leading = Number(digits);
  if (leading >= 9.5) return Number(power); // rounds to 10: two digits, the first a 1
  return Number(power) - (leading < 1.95 ? 1 : 0);
}

/** A decimal number rounded, ties to even, at a power of ten; commas between thousands. */
function rounded(text: string, place: number): string {
  const { isNegative, digits, power } = parts(text);
  const drop = place - power;
  let whole = digits;
  if (drop > 0) {
    const unit = 10n ** BigInt(drop);
    const rest = digits % unit;
    whole = digits / unit;
    if (2n * rest > unit || (2n * rest === unit && whole % 2n === 1n)) whole += 1n;
  } else {
    whole = digits * 10n ** BigInt(-drop);
  }
  const after = Math.max(0, -place);
  const padded = (place > 0 ? whole * 10n ** BigInt(place) : whole).toString().padStart(after + 1, "0");
  const front = padded.slice(0, padded.length - after).replace(/\B(?=(\d{3})+$)/g, ",");
  const sign = isNegative && whole !== 0n ? "-" : "";
  return sign + front + (after ? `.${padded.slice(padded.length - after)}` : "");
}

/** A number's text as an integer times a power of ten. */
function parts(text: string): { isNegative: boolean; digits: bigint; power: number } {
  const isNegative = text.startsWith("-");
  const [mantissa, exponent = "0"] = text.slice(isNegative ? 1 : 0).split("e") as [string, string?];
  const [front, back = ""] = mantissa.split(".") as [string, string?];
  return { isNegative, digits: BigInt(front + back), power: Number(exponent) - back.length };
}
