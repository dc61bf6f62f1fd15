/** The Markdown of a rule's page, set plainly for a terminal. Knows as much of Markdown as the pages use. */
import { type Paint, paintCode } from "./color.ts";
import { widthOf } from "./printable.ts";
import { wrap } from "./words.ts";

/** What the kinds of fences of a page mean to a reader. */
const FENCES: Readonly<Record<string, string>> = {
  "dockerfile bad": "Reported:",
  "dockerfile good": "Not reported:",
  "dockerfile fixed": "Fixed:",
  report: "What is said:",
};

/** @param width of a line of prose, in columns. */
export function renderMarkdown(page: string, paint: Paint, width: number): string {
  const blocks: string[] = [];
  let prose: string[] = [];
  const flush = (): void => {
    if (prose.length > 0) blocks.push(setProse(prose, paint, width));
    prose = [];
  };
  const lines = withoutComments(page).split(/\r?\n/);
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    const heading = /^#+ (.*)$/.exec(line);
    const fence = /^(`{3,})(.*)$/.exec(line);
    if (heading) {
      flush();
      blocks.push(paint("bold", paint("underline", heading[1]!)));
    } else if (fence) {
      flush();
      const end = lines.indexOf(fence[1]!, i + 1);
      const code = lines.slice(i + 1, end === -1 ? lines.length : end).map((one) => `    ${one}`.trimEnd());
      const kind = fence[2]!.replace(/\s*\{.*$/, "").trim();
      const label = FENCES[kind];
      blocks.push([...(label ? [paint("dim", `  ${label}`)] : []), ...code].join("\n"));
      i = end === -1 ? lines.length : end;
    } else if (line.trim() === "") flush();
    else prose.push(line);
  }
  flush();
  return `${blocks.join("\n\n")}\n`;
}

/** The page without the line of facts under its heading. */
export function withoutFacts(page: string): string {
  return page.replace(/<!-- facts -->[\s\S]*?<!-- \/facts -->\r?\n*/, "");
}

function withoutComments(page: string): string {
  return page.replace(/<!--[\s\S]*?-->\n?/g, "");
}

/** A paragraph or a list, wrapped; a table as it is. */
function setProse(lines: readonly string[], paint: Paint, width: number): string {
  if (lines[0]!.startsWith("|")) return lines.map((line) => setInline(line, paint)).join("\n");
  const items: string[] = [];
  for (const line of lines) {
    if (items.length === 0 || /^\s*(?:[-*]|\d+\.) /.test(line)) items.push(line);
    else items[items.length - 1] += ` ${line.trim()}`;
  }
  return items.map((item) => setItem(item, paint, width)).join("\n");
}

function setItem(item: string, paint: Paint, width: number): string {
  const [, marker, text] = /^(\s*(?:(?:[-*]|\d+\.) )?)(.*)$/.exec(item)!;
  const lines = wrap(wordsOf(text!), width - marker!.length, widthOf);
  return lines
    .map((line, index) => (index === 0 ? marker! : " ".repeat(marker!.length)) + setInline(line, paint))
    .join("\n");
}

/** Code spans stay whole, so that each is on one line. */
function wordsOf(text: string): readonly string[] {
  return linksOf(text).match(/(?:`[^`]*`|[^\s`])+|`/g) ?? [];
}

function linksOf(text: string): string {
  return text.replace(/\[([^\]]+)\]\(([^)\s]+)\)/g, (_, label: string, target: string) =>
    label === target ? target : `${label} (${target})`,
  );
}

function setInline(line: string, paint: Paint): string {
  return paintCode(
    paint,
    line.replace(/\*\*([^*]+)\*\*/g, (_, strong: string) => paint("bold", strong)),
  );
}
