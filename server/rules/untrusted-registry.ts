import type { Dockerfile } from "../model/dockerfile.ts";
import { parseImage } from "../model/image.ts";
import type { Range } from "../syntax/text.ts";
import { defineRule } from "./rule.ts";

export default defineRule({
  id: "untrusted-registry",
  category: "security",
  severity: "error",
  weight: "high",
  aliases: ["hadolint/DL3026", "kics/use_only_an_allowed_registry_in_the_from_image", "dockle/CIS-DI-0002"],

  *check(dockerfile) {
    const trusted = dockerfile.context.policy?.trustedRegistries ?? [];
    if (trusted.length === 0) return;
    for (const { reference, at } of imagesOf(dockerfile)) {
      const image = parseImage(reference);
      if (!image || trusted.some((pattern) => covers(pattern, image.registry, image.repository))) continue;
      yield { at, message: `The image comes from \`${image.registry}\`, which is none of the trusted registries` };
    }
  },
});

/** Whether the policy allows this image; without one, it does. */
export function isTrusted({ context }: Dockerfile, reference: string): boolean {
  const trusted = context.policy?.trustedRegistries ?? [];
  const image = parseImage(reference);
  return trusted.length === 0 || !image || trusted.some((pattern) => covers(pattern, image.registry, image.repository));
}

/** What FROM, `COPY --from` and `RUN --mount=from=` take from elsewhere, where it is known. */
function* imagesOf(dockerfile: Dockerfile): Generator<{ readonly reference: string; readonly at: Range }> {
  for (const stage of dockerfile.stages) {
    if (stage.image && stage.imageWord) yield { reference: stage.image.reference, at: stage.imageWord.range };
    for (const { name, range } of stage.sourceReferences) {
      if (name.includes("$") || /^\d+$/.test(name)) continue;
      // What has neither a path nor a tag can be a stage that is not there, or a context that the build is given.
      if (!/[/:]/.test(name) || dockerfile.findStage(name, stage)) continue;
      yield { reference: name, at: range };
    }
  }
}

/** `docker.io`, `*.example.com`, `ghcr.io/example/*`; `hub.docker.com` is what hadolint also calls the first. */
function covers(pattern: string, registry: string, repository: string): boolean {
  const trusted = pattern.replace(/^https?:\/\//, "").replace(/\/+$/, "");
  const source = (trusted === "hub.docker.com" ? "docker.io" : trusted).replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  const whole = new RegExp(`^${source.replaceAll("*", ".*")}(?:/|$)`, "i");
  return whole.test(`${registry}/${repository}`);
}
