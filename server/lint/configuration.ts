/** Configuration files -> settings and policy: our own, and hadolint's. Reads text; finding it is for `server/context`. */
import ignore from "ignore";
import { isMap, isScalar, LineCounter, parseDocument } from "yaml";
import { type ConfigurationFile, LABEL_TYPES, type LabelType, type Policy } from "../model/context.ts";
import { closest } from "../model/similar.ts";
import type { Rule } from "../rules/rule.ts";
import {
  combineSettings,
  fileKey,
  isName,
  type RuleSetting,
  readValue,
  type Settings,
  settingsIn,
} from "./settings.ts";

export interface Configuration {
  /** Those that are set. */
  readonly settings: Partial<Settings>;
  readonly policy: Policy;
  /** A sentence each, that names the file and the line and says what to do. */
  readonly problems: readonly string[];
}

/** @param files the first wins where several set the same. What is wrong in them is left out. */
export function readConfiguration(files: readonly ConfigurationFile[], rules: readonly Rule[]): Configuration {
  const problems: string[] = [];
  const read = files.map((file) => {
    const source = parse(file, problems);
    if (!source) return { settings: {}, policy: {} };
    return file.kind === "hadolint" ? readHadolint(source, rules) : readOwn(source, rules);
  });
  const settings: Record<string, unknown> = Object.assign({}, ...read.map((one) => one.settings).toReversed());
  if (settings["rules"]) settings["rules"] = combineSettings(...read.map((one) => one.settings)).rules;
  return { settings, policy: Object.assign({}, ...read.map((one) => one.policy).toReversed()), problems };
}

/**
 * Whether the configuration has a Dockerfile left alone.
 * @param files those that it was read from, by whole paths.
 * @param path that of the Dockerfile, likewise; `undefined`: it has none.
 */
export function isLeftAlone(
  { settings }: Configuration,
  files: readonly ConfigurationFile[],
  path: string | undefined,
): boolean {
  const folder = files.find(({ kind }) => kind === "plimsoll")?.path.replace(/[^/]*$/, "");
  if (!settings.ignore?.length || folder === undefined || !path?.startsWith(folder)) return false;
  return ignore({ ignorecase: false })
    .add([...settings.ignore])
    .ignores(path.slice(folder.length));
}

/** A file as a map, and a way to complain about what is at a path in it. */
interface Source {
  readonly values: Readonly<Record<string, unknown>>;
  complain(path: readonly string[], reason: string): void;
}

interface Part {
  readonly settings: Partial<Settings>;
  readonly policy: Policy;
}

function parse({ path, text }: ConfigurationFile, problems: string[]): Source | undefined {
  if (text === undefined) {
    problems.push(`${path}: it is no UTF-8 text of at most 256 KB; save it as one. It is left out.`);
    return undefined;
  }
  const lineCounter = new LineCounter();
  const document = parseDocument(text.replace(/^\ufeff/, ""), { lineCounter, logLevel: "error" });
  const lineAt = (offset: number): number => Math.max(lineCounter.linePos(offset).line, 1);
  const [error] = document.errors;
  if (error) {
    const [reason] = error.message.split(/ at line \d+|\n/);
    problems.push(
      `${path}:${lineAt(error.pos[0])}: it is no valid YAML (${reason!.replace(/[:.]$/, "")}); mend it. It is left out.`,
    );
    return undefined;
  }
  const { contents } = document;
  if (contents === null || (isScalar(contents) && contents.value === null)) return undefined;
  const values = valuesOf(document);
  if (!values) {
    problems.push(`${path}:1: it must be a map of settings, such as \`preset: strict\`. It is left out.`);
    return undefined;
  }
  const complain = (keys: readonly string[], reason: string): void => {
    problems.push(`${path}:${lineAt(offsetOf(contents, keys))}: "${keys[0]}" ${reason}`);
  };
  return { values, complain };
}

function valuesOf(document: ReturnType<typeof parseDocument>): Readonly<Record<string, unknown>> | undefined {
  try {
    const values: unknown = isMap(document.contents) ? document.toJS() : undefined;
    return values as Readonly<Record<string, unknown>> | undefined;
  } catch {
    // Aliases that make too much of it.
    return undefined;
  }
}

/** Where the key at a path begins, or the last of its keys that is there. */
function offsetOf(node: unknown, [key, ...rest]: readonly string[]): number {
  if (!isMap(node)) return 0;
  const pair = node.items.find((item) => String(item.key) === key);
  const offset = (pair?.key as { readonly range?: readonly number[] } | undefined)?.range?.[0];
  if (!pair || offset === undefined) return node.range?.[0] ?? 0;
  return rest.length === 0 ? offset : Math.max(offset, offsetOf(pair.value, rest));
}

const OWN = new Map(settingsIn("file").map((setting) => [fileKey(setting), setting]));
const POLICY: ReadonlySet<string> = new Set<keyof Policy>(["trustedRegistries", "labels", "strictLabels"]);

function readOwn({ values, complain }: Source, rules: readonly Rule[]): Part {
  const settings: Record<string, unknown> = {};
  const policy: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    const setting = OWN.get(name);
    if (!setting) {
      const near = closest(name, OWN.keys());
      complain(
        [name],
        `is no setting; ${near ? `did you mean "${near}"?` : `there are ${[...OWN.keys()].join(", ")}.`}`,
      );
    } else if (value !== null) {
      const read = readValue(setting, value, rules, (entry, reason) =>
        complain(entry === undefined ? [name] : [name, entry], reason),
      );
      if (read !== undefined) (POLICY.has(setting.key) ? policy : settings)[setting.key] = read;
    }
  }
  return { settings, policy };
}

/** Keys of https://github.com/hadolint/hadolint#configure; those that mean nothing here are passed over. */
function readHadolint({ values, complain }: Source, rules: readonly Rule[]): Part {
  const read = <T>(key: string, wanted: string, convert: (value: unknown) => T | undefined): T | undefined => {
    const value = values[key];
    if (value === undefined || value === null) return undefined;
    const converted = convert(value);
    if (converted === undefined) complain([key], `must be ${wanted}; it is left out.`);
    return converted;
  };
  const flag = (key: string): boolean | undefined =>
    read(key, "true or false", (value) => (typeof value === "boolean" ? value : undefined));

  const set: Record<string, RuleSetting> = {};
  const add = (codes: readonly string[], setting: RuleSetting): void => {
    for (const code of codes) {
      const name = `${code.startsWith("SC") ? "shellcheck" : "hadolint"}/${code}`;
      if (isName(name, rules)) set[name] ??= setting;
    }
  };
  add(read("ignored", "a list of rules", stringsOf) ?? [], "off");
  const overrides = read("override", "a map of lists of rules by severity", mapOf) ?? {};
  // The most severe wins.
  for (const severity of ["error", "warning", "info", "style"] as const) {
    const codes = overrides[severity] ?? [];
    const list = stringsOf(codes);
    if (list) add(list, severity === "style" ? "hint" : severity);
    else complain(["override", severity], `must have a list of rules for "${severity}"; it is left out.`);
  }

  const threshold = read("failure-threshold", `one of ${Object.keys(THRESHOLDS).join(", ")}`, (value) =>
    Object.hasOwn(THRESHOLDS, String(value)) ? THRESHOLDS[String(value)] : undefined,
  );
  const failOn = flag("no-fail") ? "never" : threshold;
  const trustedRegistries = read("trustedRegistries", "a list of registries", stringsOf);
  const labels = read("label-schema", `a map of ${LABEL_TYPES.join(", ")} by label`, labelsOf);
  const strictLabels = flag("strict-labels");
  const noComments = flag("disable-ignore-pragma");
  return {
    settings: {
      ...(Object.keys(set).length > 0 ? { rules: set } : {}),
      ...(failOn === undefined ? {} : { failOn }),
      ...(noComments === undefined ? {} : { ignoreComments: !noComments }),
    },
    policy: {
      ...(trustedRegistries ? { trustedRegistries } : {}),
      ...(labels ? { labels } : {}),
      ...(strictLabels === undefined ? {} : { strictLabels }),
    },
  };
}

/** `ignore` and `none` fail on anything there is. */
const THRESHOLDS: Readonly<Record<string, NonNullable<Settings["failOn"]>>> = {
  error: "error",
  warning: "warning",
  info: "info",
  style: "hint",
  ignore: "hint",
  none: "hint",
};

/** A single one may stand without its list. */
function stringsOf(value: unknown): readonly string[] | undefined {
  const list = Array.isArray(value) ? value : [value];
  return list.every((one) => typeof one === "string") ? list : undefined;
}

function mapOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
}

function labelsOf(value: unknown): Readonly<Record<string, LabelType>> | undefined {
  const map = mapOf(value);
  if (!map) return undefined;
  // hadolint takes its old word for text, too.
  const entries = Object.entries(map).map(([name, type]) => [name, type === "rawtext" ? "text" : type] as const);
  return entries.every(([, type]) => (LABEL_TYPES as readonly unknown[]).includes(type))
    ? (Object.fromEntries(entries) as Record<string, LabelType>)
    : undefined;
}
