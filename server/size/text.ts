/** Sizes for people. */
import type { Total } from "./estimate.ts";

/** `≈ 164 MB`, `≈ 1.2 GB`, `≈ 3.4 MB`, `≈ 12 kB`: as exact as an estimate is. */
export function about(bytes: number): string {
  return bytes === 0 ? "0 B" : `≈ ${rounded(bytes)}`;
}

/** Without the sign. */
export function rounded(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  const [unit, size] = (
    [
      ["kB", 1e3],
      ["MB", 1e6],
      ["GB", 1e9],
    ] as const
  ).findLast(([, one]) => bytes >= one * 0.9995)!;
  const value = bytes / size;
  return `${value < 10 ? trimmed(value.toFixed(1)) : Math.round(value)} ${unit}`;
}

/** `≈ 120 MB + what pip installs`; what is not known is named, the first few of it. */
export function totalText({ bytes, unknown }: Total, most = 2): string {
  if (bytes === undefined) return "size not known";
  return withUnknown(bytes === 0 && unknown.length > 0 ? "" : about(bytes), named(unknown, most));
}

/** `≈ 40 MB, less what nginx already has of it + what pip installs` */
export function withUnknown(known: string, unknown: readonly string[]): string {
  const less = unknown.filter((one) => one.startsWith("less "));
  const more = unknown.filter((one) => !one.startsWith("less "));
  return [[known, ...less].filter((one) => one !== "").join(", "), ...more].filter((one) => one !== "").join(" + ");
}

function named(unknown: readonly string[], most: number): readonly string[] {
  if (unknown.length <= most) return unknown;
  return [...unknown.slice(0, most - 1), `${unknown.length - most + 1} unknown parts`];
}

function trimmed(number: string): string {
  return number.replace(/\.0$/, "");
}
