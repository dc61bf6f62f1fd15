/** Markdown -> examples: the fences of a rule's page (or of `test/cases/`) are its tests. */
import { readFileSync } from "node:fs";
import { readConfiguration } from "../server/lint/configuration.ts";
import type { Policy } from "../server/model/context.ts";

export interface Example {
  /** The headings that it stands under. */
  readonly name: string;
  /** Of the fence, from 1. */
  readonly line: number;
  readonly kind: "bad" | "good";
  readonly text: string;
  /** Other files of the build context, by path; `null`: there is none. */
  readonly files: Readonly<Record<string, string | null>>;
  /** What a `.plimsoll.yaml` among them demands. */
  readonly policy: Policy | undefined;
  readonly report: Block | undefined;
  readonly fixed: Block | undefined;
  /** Files that the fixes write, by path. */
  readonly fixedFiles: Readonly<Record<string, Block>>;
}

/** The lines of a fence, between its marks. */
export interface Block {
  /** Index of the line behind the opening mark. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface Page {
  readonly path: string;
  readonly lines: readonly string[];
  readonly title: string;
  readonly facts: Block | undefined;
  readonly examples: readonly Example[];
}

export function readPage(path: string): Page {
  const lines = readFileSync(path, "utf8").split("\n");
  const headings: string[] = [];
  const examples: Example[] = [];
  let files: Record<string, string | null> = {};
  let policy: Policy | undefined;
  let facts: Block | undefined;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    const heading = /^(#+) (.*)$/.exec(line);
    if (heading) {
      headings.splice(heading[1]!.length - 1);
      headings.push(heading[2]!);
    }
    if (line === "<!-- facts -->") {
      const end = lines.indexOf("<!-- /facts -->", i);
      facts = { start: i + 1, end, text: lines.slice(i + 1, end).join("\n") };
    }
    const fence = /^(`{3,})(.*)$/.exec(line);
    if (!fence) continue;
    const block = readBlock(lines, i, fence[1]!);
    const [language, kind, detail] = fence[2]!.trim().split(" ");
    const last = examples.at(-1);
    if (language === "dockerfile" && (kind === "bad" || kind === "good")) {
      examples.push({
        name: headings.slice(1).join(", ") || kind,
        line: i + 1,
        kind,
        text: detail ? lengthen(block.text, detail) : block.text,
        files,
        policy,
        report: undefined,
        fixed: undefined,
        fixedFiles: {},
      });
      files = {};
      policy = undefined;
    } else if (language === "report" && last) examples[examples.length - 1] = { ...last, report: block };
    else if (language === "dockerfile" && kind === "fixed" && last)
      examples[examples.length - 1] = { ...last, fixed: block };
    else if (kind === "fixed" && detail !== undefined && last)
      examples[examples.length - 1] = { ...last, fixedFiles: { ...last.fixedFiles, [detail]: block } };
    else {
      const name = /^`([^`]+)`:$/.exec(lines.slice(0, i).findLast((before) => before.trim() !== "") ?? "")?.[1];
      if (name === CONFIGURATION) policy = readPolicy(block.text);
      else if (name) files[name] = language === MISSING ? null : block.text;
    }
    i = block.end;
  }
  return { path, lines, title: headings[0] ?? "", facts, examples };
}

/** What is too long for a page: `…=65536` behind the kind has every `…` stand for so many letters. */
function lengthen(text: string, repeat: string): string {
  const [mark = "", count] = repeat.split("=");
  return text.replaceAll(mark, "a".repeat(Number(count)));
}

/** The language of a fence for a file that there is not. */
const MISSING = "missing";

const CONFIGURATION = ".plimsoll.yaml";

function readPolicy(text: string): Policy {
  const { policy, problems } = readConfiguration([{ kind: "plimsoll", path: CONFIGURATION, text }], []);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return policy;
}

function readBlock(lines: readonly string[], open: number, mark: string): Block {
  const end = lines.findIndex((line, index) => index > open && line === mark);
  if (end === -1) throw new Error(`a fence is not closed, line ${open + 1}`);
  const text = lines
    .slice(open + 1, end)
    .map((line) => `${line}\n`)
    .join("");
  return { start: open + 1, end, text };
}
