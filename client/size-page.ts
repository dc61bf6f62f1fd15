import type { Measured, MeasuredImage } from "../server/lsp/protocol.ts";

/** What was measured, as Markdown. */
export function sizePage(file: string, { engine, images }: Measured): string {
  const [before, after] = images;
  if (!before) return "";
  const blocks = [`# Image sizes of ${escaped(file)}`, summary(before, after, engine)];
  const rows = images.map(
    ({ name, bytes, estimate, seconds }) =>
      `| ${name} | ${shownBytes(bytes)} | ${estimate ? escaped(estimate) : "not known"} | ${Math.round(seconds)} s |`,
  );
  blocks.push(["| | measured | estimated | build |", "| --- | ---: | --- | ---: |", ...rows].join("\n"));
  for (const image of images) blocks.push(`## ${heading(image.name)}`, layersOf(image));
  blocks.push(
    "The images were removed again. What the engine keeps in its build cache stays, so a build may have been short.",
  );
  return `${blocks.join("\n\n")}\n`;
}

/** "12.3 MB": in powers of a thousand, as the engines show sizes. */
export function shownBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

function summary(before: MeasuredImage, after: MeasuredImage | undefined, engine: string): string {
  if (!after) return `**${shownBytes(before.bytes)}**, built by ${engine}. There is nothing to optimize.`;
  const percent = Math.round((after.bytes / before.bytes - 1) * 100);
  const change = before.bytes === 0 || percent === 0 ? "the same" : `${percent > 0 ? "+" : "−"}${Math.abs(percent)} %`;
  return `**${shownBytes(before.bytes)} → ${shownBytes(after.bytes)}** (${change}), built by ${engine}.`;
}

/** Those that take nothing are only metadata. */
function layersOf({ layers }: MeasuredImage): string {
  const rows = layers
    .filter(({ bytes }) => bytes > 0)
    .map(
      ({ bytes, instruction }) =>
        `| ${shownBytes(bytes)} | ${instruction === "" ? "the base image" : code(instruction)} |`,
    );
  return ["| size | layer |", "| ---: | --- |", ...rows].join("\n");
}

function heading(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** Code in a cell of a table, whatever it holds. */
function code(text: string): string {
  const fence = text.includes("`") ? "``" : "`";
  return `${fence} ${text.replaceAll("``", "` `").replaceAll("|", "\\|")} ${fence}`;
}

function escaped(text: string): string {
  return text.replace(/[\\<>*_[\]|#]/g, "\\$&");
}
