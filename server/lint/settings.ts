/**
 * Every setting, once: from this table come the type's values, the manifest's `contributes.configuration`, the schema of
 * `.plimsoll.yaml` and what is said of wrong values.
 */
import { LABEL_TYPES } from "../model/context.ts";
import type { Rule, Severity } from "../rules/rule.ts";

export type RuleSetting = "off" | "on" | Severity;

export interface Settings {
  /** By rule id or alias; where several are names of a rule, the first counts. */
  readonly rules: Readonly<Record<string, RuleSetting>>;
  readonly preset: "recommended" | "strict" | "security" | "all";
  readonly role: "auto" | "application" | "base image";
  readonly codeLens: boolean;
  /** Sizes are shown behind what installs packages. */
  readonly sizeHints: boolean;
  /** `auto`, `off`, or the whole path of a program. */
  readonly shellcheck: string;
  /** Comments accept findings. */
  readonly ignoreComments: boolean;
  /** Dockerfiles that are left alone, as `.gitignore` has patterns; they start from the folder of the file that says so. */
  readonly ignore?: readonly string[];
  /** What the command line fails on, if it is not told. */
  readonly failOn?: Severity | "never";
  /** Run these alone; not a setting of the editor. */
  readonly only?: readonly string[];
}

export interface Setting {
  /** As the editor spells it, behind `plimsoll.`; `fileKey` is how the file does. */
  readonly key: string;
  readonly schema: Schema;
  /** What a file may say of it, where that is less: it comes with the Dockerfile from somebody else. */
  readonly fileSchema?: Schema;
  /** One sentence, or a few. */
  readonly description: string;
  readonly places: readonly ("editor" | "file")[];
}

/** As much of JSON Schema as the settings need. */
export interface Schema {
  readonly type: "string" | "boolean" | "array" | "object";
  readonly enum?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly default?: unknown;
}

const SEVERITIES: readonly Severity[] = ["error", "warning", "info", "hint"];

export const SETTINGS: readonly Setting[] = [
  {
    key: "preset",
    schema: { type: "string", enum: ["recommended", "strict", "security", "all"], default: "recommended" },
    description:
      "Which rules are on: those that most people want; those and pinned versions, health checks and the like; those about security alone; or all of them.",
    places: ["editor", "file"],
  },
  {
    key: "rules",
    schema: {
      type: "object",
      additionalProperties: { type: "string", enum: ["off", "on", ...SEVERITIES] },
      default: {},
    },
    description:
      'Turns single rules on or off, or sets their severity, by id or by another tool\'s name: `{"latest-tag": "off", "hadolint/DL3008": "warning"}`.',
    places: ["editor", "file"],
  },
  {
    key: "role",
    schema: { type: "string", enum: ["auto", "application", "base image"], default: "auto" },
    description: "What the Dockerfiles make; a base image is not rated for what only an application needs.",
    places: ["editor", "file"],
  },
  {
    key: "codeLens",
    schema: { type: "boolean", default: true },
    description: "Shows the score above the file and above each stage, with the size of the image.",
    places: ["editor"],
  },
  {
    key: "sizeHints",
    schema: { type: "boolean", default: true },
    description: "Shows how much a `RUN` adds to the image, behind what installs packages in it.",
    places: ["editor"],
  },
  {
    key: "shellcheck",
    schema: { type: "string", default: "auto" },
    fileSchema: { type: "string", enum: ["auto", "off"], default: "auto" },
    description:
      "The ShellCheck whose findings about the shell in the Dockerfile are shown, too: `auto`, the one in PATH if there is one; `off`; or, in the editor, the whole path of one. Nothing is run in a workspace that is not trusted.",
    places: ["editor", "file"],
  },
  {
    key: "ignore",
    schema: { type: "array", items: { type: "string" }, default: [] },
    description:
      "Dockerfiles that are left alone, by patterns as in `.gitignore`, which start from the folder of this file: `vendor/`, `*.example.Dockerfile`.",
    places: ["file"],
  },
  {
    key: "ignoreComments",
    schema: { type: "boolean", default: true },
    description: "Whether comments can accept findings.",
    places: ["file"],
  },
  {
    key: "failOn",
    schema: { type: "string", enum: [...SEVERITIES, "never"], default: "warning" },
    description: "The least severity for which `plimsoll check` exits with 1.",
    places: ["file"],
  },
  {
    key: "trustedRegistries",
    schema: { type: "array", items: { type: "string" }, default: [] },
    description:
      "The registries that images may come from, such as `docker.io`, `*.example.com` or `ghcr.io/example/*`; none: any. For `untrusted-registry`.",
    places: ["file"],
  },
  {
    key: "labels",
    schema: { type: "object", additionalProperties: { type: "string", enum: LABEL_TYPES }, default: {} },
    description:
      "The labels that every image must have, and what their values are. For `missing-label`, `empty-label` and `invalid-label`.",
    places: ["file"],
  },
  {
    key: "strictLabels",
    schema: { type: "boolean", default: false },
    description: "Whether an image may have no labels but those. For `superfluous-label`.",
    places: ["file"],
  },
];

export const DEFAULT_SETTINGS: Settings = {
  rules: {},
  preset: "recommended",
  role: "auto",
  codeLens: true,
  sizeHints: true,
  shellcheck: "auto",
  ignoreComments: true,
};

/** The settings that a place has, with what it may say of them. */
export function settingsIn(place: "editor" | "file"): readonly Setting[] {
  return SETTINGS.filter(({ places }) => places.includes(place)).map((setting) =>
    place === "file" && setting.fileSchema ? { ...setting, schema: setting.fileSchema } : setting,
  );
}

/** How `.plimsoll.yaml` spells a setting: `trusted-registries`. */
export function fileKey({ key }: Setting): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/**
 * Settings from an editor: what has the wrong type is left at its default.
 * @returns the settings, and a sentence for each problem that says what to do.
 */
export function readSettings(
  input: unknown,
  rules: readonly Rule[],
): { settings: Settings; problems: readonly string[] } {
  const problems: string[] = [];
  if (typeof input !== "object" || input === null) return { settings: DEFAULT_SETTINGS, problems };
  const given = input as Record<string, unknown>;
  const settings: Record<string, unknown> = { ...DEFAULT_SETTINGS };
  for (const setting of settingsIn("editor")) {
    const value = given[setting.key];
    if (value === undefined || value === null) continue;
    const read = readValue(setting, value, rules, (_, reason) =>
      problems.push(`The setting "plimsoll.${setting.key}" ${reason}`),
    );
    if (read !== undefined) settings[setting.key] = read;
  }
  return { settings: settings as unknown as Settings, problems };
}

/**
 * A value, without the entries that are wrong; `undefined`: it is wrong as a whole.
 * @param complain takes the entry at fault, if it is one, and the rest of a sentence that begins with the setting.
 */
export function readValue(
  { key, schema }: Setting,
  value: unknown,
  rules: readonly Rule[],
  complain: (entry: string | undefined, reason: string) => void,
): unknown {
  if (!isOfType(value, schema)) {
    complain(undefined, `must be ${describeSchema(schema)}; it is left out.`);
    return undefined;
  }
  const entries = schema.additionalProperties;
  if (!entries) return value;
  const read: Record<string, unknown> = {};
  for (const [name, given] of Object.entries(value as object)) {
    // YAML 1.1 reads `on` and `off` so.
    const one = key === "rules" && typeof given === "boolean" ? (given ? "on" : "off") : given;
    if (key === "rules" && !isName(name, rules))
      complain(name, `names "${name}", which is no rule; \`plimsoll rules\` lists them.`);
    else if (!isOfType(one, entries))
      complain(name, `gives "${name}" a value that is none of ${entries.enum!.join(", ")}; it is left out.`);
    else read[name] = one;
  }
  return read;
}

/** One out of several, of which the first that has a setting counts; of `rules`, the first that has the rule. */
export function combineSettings(...layers: readonly Partial<Settings>[]): Settings {
  const rules: Record<string, RuleSetting> = {};
  for (const layer of layers) for (const [name, setting] of Object.entries(layer.rules ?? {})) rules[name] ??= setting;
  return { ...DEFAULT_SETTINGS, ...Object.assign({}, ...layers.toReversed()), rules };
}

/** The settings that differ from their defaults: an editor tells of all, set or not. */
export function withoutDefaults(settings: Settings): Partial<Settings> {
  return Object.fromEntries(
    Object.entries(settings).filter(([key, value]) => value !== DEFAULT_SETTINGS[key as keyof Settings]),
  );
}

/** Whether the settings let the rule run. */
export function isEnabled(rule: Rule, settings: Settings): boolean {
  if (settings.only) return settings.only.some((name) => isNameOf(rule, name));
  const setting = settingOf(rule, settings);
  if (setting !== undefined) return setting !== "off";
  if (rule.refactoring) return false;
  const isSensible = rule.enabled !== false || rule.strict === true;
  switch (settings.preset) {
    case "all":
      return true;
    case "strict":
      return isSensible;
    case "security":
      return isSensible && rule.category === "security";
    case "recommended":
      return rule.enabled !== false;
  }
}

/** The severity that the settings give the rule; `undefined`: none. */
export function severityOf(rule: Rule, settings: Settings): Severity | undefined {
  const setting = settingOf(rule, settings);
  return setting === "off" || setting === "on" ? undefined : setting;
}

/** Whether it names a rule, or a code of ShellCheck: which of these there are, is for ShellCheck to say. */
export function isName(name: string, rules: readonly Rule[]): boolean {
  return /^(?:shellcheck\/)?SC\d{4}$/i.test(name) || rules.some((rule) => isNameOf(rule, name));
}

/** Whether the name is the rule's id or one of its aliases, with or without the tool's name before it, in any case. */
export function isNameOf(rule: Rule, name: string): boolean {
  const wanted = name.toLowerCase();
  return (
    rule.id === wanted ||
    rule.aliases.some((alias) => {
      const lower = alias.toLowerCase();
      return lower === wanted || lower.slice(lower.indexOf("/") + 1) === wanted;
    })
  );
}

/** What the settings say of the rule; `undefined`: nothing. */
export function settingOf(rule: Rule, settings: Settings): RuleSetting | undefined {
  for (const [name, setting] of Object.entries(settings.rules)) if (isNameOf(rule, name)) return setting;
  return undefined;
}

function isOfType(value: unknown, { type, enum: choices, items }: Schema): boolean {
  if (type === "array") return Array.isArray(value) && value.every((one) => isOfType(one, items!));
  return (
    typeof value === type && value !== null && !Array.isArray(value) && (!choices || choices.includes(value as string))
  );
}

function describeSchema({ type, enum: choices }: Schema): string {
  if (choices) return `one of ${choices.map((choice) => `"${choice}"`).join(", ")}`;
  return type === "array" ? "a list of strings" : `a value of type ${type}`;
}
