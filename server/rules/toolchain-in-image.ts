import type { Stage } from "../model/stage.ts";
import type { Leftover } from "./artefact.ts";
import { cLeftover } from "./c-artefact.ts";
import { type ContainerStart, containerStart } from "./container-start.ts";
import { dotnetLeftover } from "./dotnet-artefact.ts";
import { goLeftover } from "./go-artefact.ts";
import { javaLeftover } from "./java-artefact.ts";
import { nextLeftover } from "./next-artefact.ts";
import { nuxtLeftover } from "./nuxt-artefact.ts";
import { defineRule } from "./rule.ts";
import { rustLeftover } from "./rust-artefact.ts";
import { siteLeftover } from "./site-artefact.ts";

const STACKS: readonly ((stage: Stage, start: ContainerStart) => Leftover | undefined)[] = [
  cLeftover,
  goLeftover,
  rustLeftover,
  javaLeftover,
  dotnetLeftover,
  nextLeftover,
  nuxtLeftover,
  siteLeftover,
];

export default defineRule({
  id: "toolchain-in-image",
  category: "efficiency",
  severity: "warning",
  weight: "high",
  aliases: [],
  fix: "unsafe",
  concerns: "container",
  judges: "stage",
  mentions: /golang|rust|maven|gradle|temurin|openjdk|corretto|semeru|liberica|dotnet|gcc|node/,

  *check({ finalStage }) {
    const start = finalStage?.image && containerStart(finalStage);
    if (!start) return;
    for (const stack of STACKS) {
      const leftover = stack(finalStage!, start);
      if (!leftover) continue;
      const remedy = leftover.remedy();
      yield {
        at: finalStage!.imageWord!.range,
        message: `\`${finalStage!.imageWord!.value}\` takes ${leftover.tools} into the image that runs, which needs only ${listed(leftover.needed)}`,
        ...(leftover.weight ? { weight: leftover.weight } : {}),
        ...("fix" in remedy ? { fixes: [remedy.fix, ...(remedy.others ?? [])] } : remedy),
      };
      return;
    }
  },
});

function listed(paths: readonly string[]): string {
  const names = [...new Set(paths)].map((path) => `\`${path}\``);
  return names.length > 3
    ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more`
    : names.join(", ").replace(/, ([^,]*)$/, " and $1");
}
