/** The names by which comments can name rules: ours and their aliases, and those of other tools that are known to be all. */
import ours from "./rule-names.json" with { type: "json" };

/** By id, the aliases. Generated from the rules. */
export const RULE_NAMES: Readonly<Record<string, readonly string[]>> = ours;

/** moby/buildkit 73ed6825c, frontend/dockerfile/linter/ruleset.go, 2026-08-21 */
export const BUILDKIT_NAMES: readonly string[] = [
  "StageNameCasing",
  "FromAsCasing",
  "NoEmptyContinuation",
  "ConsistentInstructionCasing",
  "DuplicateStageName",
  "ReservedStageName",
  "JSONArgsRecommended",
  "MaintainerDeprecated",
  "UndefinedArgInFrom",
  "WorkdirRelativePath",
  "UndefinedVar",
  "MultipleInstructionsDisallowed",
  "LegacyKeyValueFormat",
  "InvalidBaseImagePlatform",
  "RedundantTargetPlatform",
  "SecretsUsedInArgOrEnv",
  "InvalidDefaultArgInFrom",
  "FromPlatformFlagConstDisallowed",
  "CopyIgnoredFile",
  "ExposeProtoCasing",
  "ExposeInvalidFormat",
  "InvalidDefinitionDescription",
];

/** What a comment above one instruction cannot skip, found by running the same BuildKit. */
export const BUILDKIT_FILE_NAMES: readonly string[] = [
  "NoEmptyContinuation",
  "ConsistentInstructionCasing",
  "DuplicateStageName",
  "ReservedStageName",
  "InvalidBaseImagePlatform",
  "InvalidDefaultArgInFrom",
];

/** hadolint/hadolint 8f936c5, README.md, 2026-08-07; ShellCheck's, which it takes too, are not among them. */
export const HADOLINT_NAMES: readonly string[] = [
  ...["DL1000", "DL1001"],
  ...numbered(3000, 3067).filter((name) => !/^DL(?:3005|3017|3031|3039)$/.test(name)),
  ...numbered(4000, 4006).filter((name) => name !== "DL4002"),
];

function numbered(first: number, last: number): readonly string[] {
  return Array.from({ length: last - first + 1 }, (_, index) => `DL${first + index}`);
}
