/** `--format sarif`: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import { findPackageRoot, readPage, readVersion, titleOf } from "../../context/pages.ts";
import type { Diagnostic } from "../../lint/lint.ts";
import { DEFAULT_SETTINGS, isEnabled } from "../../lint/settings.ts";
import type { Fix, Rule, Severity } from "../../rules/rule.ts";
import type { Range } from "../../syntax/text.ts";
import type { Analysis } from "../analyse.ts";
import type { FormatOptions } from "../check.ts";
import { withoutFacts } from "../markdown.ts";
import { STDIN } from "../read.ts";
import { ShownSource } from "../source.ts";
import { print } from "./json.ts";

const LEVELS: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "note", hint: "note" };

export async function formatSarif(analyses: readonly Analysis[], { host, problems }: FormatOptions): Promise<string> {
  const root = findPackageRoot(host.entry);
  const reported = new Map<string, Rule>();
  for (const { report } of analyses)
    for (const { rule } of [...report.diagnostics, ...report.accepted]) reported.set(rule.id, rule);
  const rules = [...reported.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const indexes = new Map(rules.map(({ id }, index) => [id, index]));
  const driver = {
    name: "Plimsoll",
    semanticVersion: readVersion(root),
    rules: await Promise.all(rules.map((rule) => describeRule(rule, root))),
  };
  return print({
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver },
        columnKind: "utf16CodeUnits",
        invocations: [
          {
            executionSuccessful: problems.length === 0,
            toolExecutionNotifications: problems.map((text) => ({ level: "error", message: { text } })),
          },
        ],
        artifacts: analyses.map(({ path }) => ({ location: locationOf(path), sourceLanguage: "dockerfile" })),
        results: analyses.flatMap((analysis, index) => resultsOf(analysis, index, indexes)),
      },
    ],
  });
}

async function describeRule(rule: Rule, root: string): Promise<object> {
  const page = (await readPage(root, rule.id)) ?? "";
  const markdown = withoutFacts(page).trim();
  return {
    id: rule.id,
    shortDescription: { text: titleOf(page) ?? rule.id },
    ...(rule.link === undefined ? {} : { helpUri: rule.link }),
    ...(markdown === "" ? {} : { help: { text: markdown, markdown } }),
    defaultConfiguration: { enabled: isEnabled(rule, DEFAULT_SETTINGS), level: LEVELS[rule.severity] },
    properties: { category: rule.category, weight: rule.weight, tags: [rule.category, ...rule.aliases] },
  };
}

function resultsOf({ path, report }: Analysis, index: number, indexes: ReadonlyMap<string, number>): readonly object[] {
  const source = new ShownSource(report.dockerfile);
  const artifactLocation = { ...locationOf(path), index };
  const location = (range: Range): object => ({
    physicalLocation: { artifactLocation, region: regionOf(range, source) },
  });
  const resultOf = ({ rule, severity, message, range, related, fixes }: Diagnostic): object => ({
    ruleId: rule.id,
    ruleIndex: indexes.get(rule.id),
    level: LEVELS[severity],
    message: { text: source.hide(message), markdown: source.hide(message) },
    locations: [location(range)],
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((one, id) => ({
            id,
            ...location(one.at),
            message: { text: source.hide(one.message) },
          })),
        }),
    ...(fixes.length === 0 ? {} : { fixes: fixes.map((fix) => fixOf(fix, artifactLocation, source)) }),
  });
  return [
    ...report.diagnostics.map(resultOf),
    ...report.accepted.map((one) => ({ ...resultOf(one), suppressions: [{ kind: "inSource" }] })),
  ];
}

function fixOf({ title, safety, edits }: Fix, artifactLocation: object, source: ShownSource): object {
  const replacements = edits.map((edit) => ({
    deletedRegion: regionOf(edit, source),
    ...(edit.text === "" ? {} : { insertedContent: { text: edit.text } }),
  }));
  return {
    description: { text: `${source.hide(title)} (${safety})` },
    artifactChanges: [{ artifactLocation, replacements }],
  };
}

function regionOf(range: Range, { index }: ShownSource): object {
  const start = index.positionAt(range.start);
  const end = index.positionAt(range.end);
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}

function locationOf(path: string): object {
  if (path === STDIN) return { uri: "stdin" };
  if (isAbsolute(path)) return { uri: pathToFileURL(path).href };
  return { uri: path.split("/").map(encodeURIComponent).join("/") };
}
