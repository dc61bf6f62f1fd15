/** Whether a Dockerfile makes an application or an image for others to build on. */
import type { Dockerfile } from "../model/dockerfile.ts";
import type { Settings } from "./settings.ts";

/** A final stage without CMD, ENTRYPOINT, EXPOSE and COPY of the context, or one with ONBUILD, is a base image. */
export function roleOf(dockerfile: Dockerfile, settings: Settings): "application" | "base image" {
  if (settings.role !== "auto") return settings.role;
  const stage = dockerfile.finalStage;
  if (!stage) return "application";
  if (stage.instructions.some((instruction) => instruction.onbuild)) return "base image";
  const startsSomething = ["CMD", "ENTRYPOINT", "EXPOSE", "HEALTHCHECK"].some((keyword) => stage.last(keyword));
  const hasFiles = stage.lineage.some(({ instructions }) =>
    instructions.some(({ keyword }) => keyword === "COPY" || keyword === "ADD"),
  );
  return startsSomething || hasFiles || stage.instructions.length === 0 ? "application" : "base image";
}
