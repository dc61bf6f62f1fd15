import { unpinnedPackages } from "./package-rules.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "unpinned-npm-package",
  category: "reproducibility",
  severity: "info",
  weight: "low",
  aliases: ["hadolint/DL3016", "kics/npm_install_without_pinned_version"],
  enabled: false,
  strict: true,

  check: unpinnedPackages({
    managers: ["npm", "pnpm", "yarn"],
    isMeant: ({ action, verb }) => action === "install" && /^(?:install|i|in|add)$/.test(verb.value!),
    isPinned: (value) =>
      /^(?:git|github|gitlab|bitbucket|[\w-]+\/[\w.-]+(?:#|$))/.test(value) && !/^[\w-]+@/.test(value)
        ? value.includes("#")
        : /^(?:[.~]?\.?\/|file:|https?:)|\.(?:tgz|tar|tar\.gz)$/.test(value) ||
          /.@(?!latest$|next$|canary$|beta$|alpha$|rc$)./.test(value),
  }),
});
