/** A jar of Spring Boot, taken apart into layers that change at different times. */
import type { Command } from "../model/command.ts";
import type { Stage } from "../model/stage.ts";
import type { Recipe } from "./artefact.ts";
import { keyword, replace } from "./edit.ts";
import { scriptsOf } from "./java-project.ts";
import type { StageCopy } from "./stage-split.ts";

/**
 * What is different of the recipe with layers. From 3.3 on, the jar is started as before; earlier ones are started by the
 * launcher, which has moved with 3.2. `undefined`: it is no such jar, or its version is not known.
 *
 * https://docs.spring.io/spring-boot/reference/packaging/container-images/dockerfiles.html,
 * https://docs.spring.io/spring-boot/docs/3.2.x/reference/html/container-images.html,
 * https://github.com/spring-projects/spring-boot/wiki/Spring-Boot-3.2-Release-Notes
 */
export function springLayers(
  stage: Stage,
  { args }: Command,
  copies: readonly StageCopy[],
): (Partial<Recipe> & Pick<Recipe, "copies">) | undefined {
  const [jar, ...others] = copies;
  if (!jar || others.length > 0 || jar.to !== undefined || !/^[\w./-]+\.jar$/.test(jar.from)) return undefined;
  const scripts = scriptsOf(stage, jar.from);
  const version = bootVersion(scripts);
  // A jar with a start script in front cannot be taken apart: https://github.com/spring-projects/spring-boot/issues/22993
  if (version === undefined || version < 204 || /<executable>\s*true|launchScript/.test(scripts)) return undefined;
  if (/<layers>\s*<enabled>\s*false|layered\s*\{[^}]*enabled\s*=?\s*false/.test(scripts)) return undefined;
  const layers = "/opt/layers";
  const to = version >= 303 ? jar.from.replace(/[^/]*$/, "") : jar.from.replace(/\.jar$/, "/");
  const mode = version >= 303 ? "tools" : "layertools";
  const verb = version >= 303 ? "extract --layers" : "extract";
  const flag = args.find(({ value }) => value === "-jar");
  const word = flag && args[args.indexOf(flag) + 1];
  if (!flag || !word) return undefined;
  const launcher = `org.springframework.boot.loader.${version >= 302 ? "launch." : ""}JarLauncher`;
  const started = ["-cp", to.replace(/\/$/, ""), launcher];
  const isQuoted = flag.text.startsWith('"');
  return {
    titlePart: ", take the jar apart into layers",
    closing: [`${keyword(stage, "RUN")} java -Djarmode=${mode} -jar ${jar.from} ${verb} --destination ${layers}`],
    // What changes the least comes first.
    copies: ["dependencies", "spring-boot-loader", "snapshot-dependencies", "application"].map((name) => ({
      from: `${layers}/${name}/`,
      to,
    })),
    ...(version >= 303
      ? {}
      : {
          restart: [
            replace(
              { start: flag.range.start, end: word.range.end },
              started.map((text) => (isQuoted ? JSON.stringify(text) : text)).join(isQuoted ? ", " : " "),
            ),
          ],
        }),
  };
}

/** 3.2 as 302. */
function bootVersion(scripts: string): number | undefined {
  const [, major, minor] =
    /<artifactId>spring-boot-(?:starter-parent|dependencies|maven-plugin)<\/artifactId>\s*<version>(\d+)\.(\d+)/.exec(
      scripts,
    ) ??
    /org\.springframework\.boot["']\)?\s+version\s+["'](\d+)\.(\d+)/.exec(scripts) ??
    /\bspring-?boot\w*\s*=\s*["'](\d+)\.(\d+)/i.exec(scripts) ??
    /id\s*=\s*"org\.springframework\.boot",\s*version\s*=\s*"(\d+)\.(\d+)/.exec(scripts) ??
    [];
  return major === undefined ? undefined : Number(major) * 100 + Number(minor);
}
