import type { LabelType } from "../model/context.ts";
import spdx from "../model/data/spdx-licences.json" with { type: "json" };
import { labelsOf } from "./labels.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "invalid-label",
  category: "maintainability",
  severity: "warning",
  weight: "low",
  aliases: [
    "hadolint/DL3052",
    "hadolint/DL3053",
    "hadolint/DL3054",
    "hadolint/DL3055",
    "hadolint/DL3056",
    "hadolint/DL3058",
  ],

  *check(dockerfile) {
    const wanted = new Map(Object.entries(dockerfile.context.policy?.labels ?? {}));
    for (const { name, pair, value } of labelsOf(dockerfile)) {
      const type = wanted.get(name);
      // An empty one is said to be empty.
      if (!type || !value?.trim() || !pair.value || FORMS[type].fits(value)) continue;
      yield { at: pair.value.range, message: `The label \`${name}\` is no ${FORMS[type].name}` };
    }
  },
});

const FORMS: Readonly<Record<LabelType, { readonly name: string; fits(value: string): boolean }>> = {
  text: { name: "text", fits: () => true },
  // https://www.rfc-editor.org/rfc/rfc3986#section-4.3
  url: { name: "URL", fits: (value) => /^[a-z][a-z\d+.-]*:\S+$/i.test(value) },
  // https://semver.org/#is-there-a-suggested-regular-expression-regex-to-check-a-semver-string
  semver: {
    name: "semantic version, such as `1.2.3`",
    fits: (value) =>
      /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-(?:0|[1-9]\d*|\d*[a-z-][\da-z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-z-][\da-z-]*))*)?(?:\+[\da-z-]+(?:\.[\da-z-]+)*)?$/i.test(
        value,
      ),
  },
  hash: { name: "hash of a Git commit", fits: (value) => /^(?:[\da-f]{7}|[\da-f]{40}|[\da-f]{64})$/.test(value) },
  // https://www.rfc-editor.org/rfc/rfc3339#section-5.6
  rfc3339: {
    name: "time in the form of RFC 3339, such as `2026-01-31T12:00:00Z`",
    fits: (value) =>
      /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])[T ](?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i.test(
        value,
      ),
  },
  spdx: { name: "SPDX licence expression, such as `MIT OR Apache-2.0`", fits: isLicence },
  email: { name: "e-mail address", fits: (value) => /^[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>().]+$/.test(value) },
};

/** In lower case: the list does not mind the case. */
const LICENCES: ReadonlySet<string> = new Set(spdx.licences.map((name) => name.toLowerCase()));

/** https://spdx.github.io/spdx-spec/v3.0.1/annexes/spdx-license-expressions/: the form, and the names of licences where they are known. */
function isLicence(value: string): boolean {
  const words = value.replaceAll(/[()]/g, " ").trim().split(/\s+/);
  return words.every((word, index) => {
    if (index % 2 === 1) return /^(?:AND|OR|WITH)$/i.test(word);
    return words[index - 1]?.toUpperCase() === "WITH" || isLicenceName(word.replace(/\+$/, ""));
  });
}

function isLicenceName(word: string): boolean {
  return /^(?:DocumentRef-[\w.-]+:)?LicenseRef-[\w.-]+$/.test(word) || LICENCES.has(word.toLowerCase());
}
