/** The measured sizes of images, for people and for programs. */
import type { Measured, MeasuredImage } from "../../measure/measure.ts";
import type { Total } from "../../size/estimate.ts";
import { rounded, totalText } from "../../size/text.ts";
import { type Paint, paintFor } from "../color.ts";
import type { Host } from "../host.ts";
import { printable } from "../printable.ts";

export interface MeasuredFile {
  /** As it is shown. */
  readonly path: string;
  readonly measured: Measured;
  /** How many changes the optimized one has. */
  readonly changes: number;
  /** Of each image, in the same order. */
  readonly estimates: readonly Total[];
}

export function formatMeasuredText({ path, measured, changes, estimates }: MeasuredFile, host: Host): string {
  const paint = paintFor(host.isColored);
  const { engine, images } = measured;
  const [before, after] = images;
  const lines = [`${paint("bold", printable(path))}: ${summary(before!, after)}, built by ${engine}`];
  images.forEach((image, index) => {
    const estimate = estimates[index];
    const known = estimate?.bytes === undefined ? "" : `, estimated ${totalText(estimate)}`;
    lines.push("", `${paint("bold", heading(image.name))}: ${rounded(image.bytes)}${known}`);
    lines.push(...layers(image, host.columns, paint));
  });
  if (changes === 0) lines.push("", "There is nothing to optimize, so one image was built.");
  return `${lines.join("\n")}\n`;
}

export function formatMeasuredJson({ path, measured, estimates }: MeasuredFile): string {
  const images = measured.images.map(({ name, bytes, seconds, layers }, index) => ({
    ...{ name, bytes, seconds: Math.round(seconds * 10) / 10 },
    estimate: { bytes: estimates[index]?.bytes ?? null, unknown: estimates[index]?.unknown ?? [] },
    layers,
  }));
  return `${JSON.stringify({ version: 1, path, engine: measured.engine, images }, undefined, 2)}\n`;
}

function summary(before: MeasuredImage, after: MeasuredImage | undefined): string {
  if (!after) return rounded(before.bytes);
  const percent = Math.round((after.bytes / before.bytes - 1) * 100);
  const change = before.bytes === 0 || percent === 0 ? "" : ` (${percent > 0 ? "+" : "−"}${Math.abs(percent)} %)`;
  return `${rounded(before.bytes)} -> ${rounded(after.bytes)}${change}`;
}

function heading(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** Those that take nothing are only metadata. */
function layers(image: MeasuredImage, columns: number, paint: Paint): readonly string[] {
  const shown = image.layers.filter(({ bytes }) => bytes > 0);
  return shown.map(({ bytes, instruction }) => {
    const text = printable(instruction) || "(the base image)";
    const width = Math.max(columns - 14, 20);
    return `  ${rounded(bytes).padStart(8)}  ${paint("dim", text.length > width ? `${text.slice(0, width - 1)}…` : text)}`;
  });
}
