import type { PackageOperation } from "../model/packages.ts";
import { interactiveInstalls, isConfigured } from "./package-rules.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "interactive-apt-install",
  category: "correctness",
  severity: "warning",
  weight: "medium",
  aliases: [
    "hadolint/DL3014",
    "trivy/DS-0021",
    "kics/apt_get_missing_flags_to_avoid_manual_input",
    "semgrep/missing-assume-yes-switch",
    "sonar/S6584",
  ],
  fix: "safe",

  check: interactiveInstalls(["apt-get", "apt", "aptitude"], isAnswered, "-y"),
});

function isAnswered(install: PackageOperation): boolean | undefined {
  if (install.args.some(({ text }) => SETTING.test(text)) || isConfigured(install, SETTING)) return true;
  if (install.args.some(({ value }) => /^(?:-q|--quiet)=[2-9]$/.test(value ?? ""))) return true;
  // Twice `-q`, in one word or in two, implies `-y`: apt-get(8).
  const quiet = install.args.reduce((count, { value }) => {
    if (value === "--quiet") return count + 1;
    return /^-[A-Za-z]+$/.test(value ?? "") ? count + value!.split("q").length - 1 : count;
  }, 0);
  return quiet > 1 ? true : install.has("-y", "--yes", "--assume-yes", "-s", "--simulate", "--dry-run", "--print-uris");
}

const SETTING = /APT::Get::Assume-Yes["']?[\s=]*["'\\]*(?:true|1|yes|on)/i;
