/**
 * Every setting, once: from this table come the type, the manifest's `contributes.configuration` and the documentation.
 */
import type { Rule, Severity } from "../rules/rule.ts";

export type RuleSetting = "off" | "on" | Severity;

export interface Settings {
  /** By rule id or alias. */
  readonly rules: Readonly<Record<string, RuleSetting>>;
  readonly preset: "recommended" | "all";
  readonly role: "auto" | "application" | "base image";
  readonly codeLens: boolean;
  /** Run these alone; not a setting of the editor. */
  readonly only?: readonly string[];
}

interface Setting {
  readonly key: keyof Settings;
  readonly schema: Readonly<Record<string, unknown>>;
  /** One sentence. */
  readonly description: string;
}

const SEVERITIES: readonly RuleSetting[] = ["off", "on", "error", "warning", "info", "hint"];

export const SETTINGS: readonly Setting[] = [
  {
    key: "preset",
    schema: { type: "string", enum: ["recommended", "all"], default: "recommended" },
    description: "Which rules are on: those that most people want, or all of them.",
  },
  {
    key: "rules",
    schema: { type: "object", additionalProperties: { type: "string", enum: SEVERITIES }, default: {} },
    description:
      'Turns single rules on or off, or sets their severity, by id or by another tool\'s name: `{"latest-tag": "off", "hadolint/DL3008": "warning"}`.',
  },
  {
    key: "role",
    schema: { type: "string", enum: ["auto", "application", "base image"], default: "auto" },
    description: "What the Dockerfiles make; a base image is not rated for what only an application needs.",
  },
  {
    key: "codeLens",
    schema: { type: "boolean", default: true },
    description: "Shows the score above the file and above each stage.",
  },
];

export const DEFAULT_SETTINGS: Settings = { rules: {}, preset: "recommended", role: "auto", codeLens: true };

/**
 * Settings from somebody's input: what has the wrong type is left at its default.
 * @returns the settings, and a sentence for each problem that says what to do.
 */
export function readSettings(
  input: unknown,
  rules: readonly Rule[],
): { settings: Settings; problems: readonly string[] } {
  const problems: string[] = [];
  const settings: Record<string, unknown> = { ...DEFAULT_SETTINGS };
  if (typeof input !== "object" || input === null) return { settings: DEFAULT_SETTINGS, problems };
  const given = input as Record<string, unknown>;
  for (const { key, schema } of SETTINGS) {
    const value = given[key];
    if (value === undefined || value === null) continue;
    const choices = schema["enum"] as readonly unknown[] | undefined;
    if (typeof value !== schema["type"] || Array.isArray(value) || (choices && !choices.includes(value))) {
      const wanted = choices
        ? `one of ${choices.map((choice) => `"${choice}"`).join(", ")}`
        : `a value of type ${schema["type"]}`;
      problems.push(`The setting "plimsoll.${key}" must be ${wanted}; its default is used instead.`);
    } else settings[key] = key === "rules" ? readRules(value as object, rules, problems) : value;
  }
  return { settings: settings as unknown as Settings, problems };
}

/** Whether the settings let the rule run. */
export function isEnabled(rule: Rule, settings: Settings): boolean {
  if (settings.only) return settings.only.some((name) => isNameOf(rule, name));
  const setting = settingOf(rule, settings);
  if (setting !== undefined) return setting !== "off";
  return settings.preset === "all" || rule.enabled !== false;
}

/** The severity that the settings give the rule; `undefined`: none. */
export function severityOf(rule: Rule, settings: Settings): Severity | undefined {
  const setting = settingOf(rule, settings);
  return setting === "off" || setting === "on" ? undefined : setting;
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

function settingOf(rule: Rule, settings: Settings): RuleSetting | undefined {
  for (const [name, setting] of Object.entries(settings.rules)) if (isNameOf(rule, name)) return setting;
  return undefined;
}

function readRules(value: object, rules: readonly Rule[], problems: string[]): Record<string, RuleSetting> {
  const read: Record<string, RuleSetting> = {};
  for (const [name, setting] of Object.entries(value)) {
    if (!rules.some((rule) => isNameOf(rule, name))) {
      problems.push(`The setting "plimsoll.rules" names "${name}", which is no rule; \`plimsoll rules\` lists them.`);
    } else if (!SEVERITIES.includes(setting as RuleSetting)) {
      problems.push(
        `The setting "plimsoll.rules" gives "${name}" a value that is none of ${SEVERITIES.join(", ")}; it is left out.`,
      );
    } else read[name] = setting as RuleSetting;
  }
  return read;
}
