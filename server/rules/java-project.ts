/** What the build scripts of a Java project say: of one module, and of the project that it belongs to. */
import type { Stage } from "../model/stage.ts";

const SCRIPTS = ["pom.xml", "build.gradle", "build.gradle.kts", "gradle/libs.versions.toml"];

/**
 * The texts of the scripts that make an artefact, together: those of its module, and of the root of the build context.
 * @param path of the artefact in the stage: `/src/web/target/web.jar`; where it tells no module, all scripts count.
 */
export function scriptsOf({ dockerfile }: Stage, path: string): string {
  const files = dockerfile.context.files ?? {};
  const known = Object.keys(files).filter((name) => isScript(name) && typeof files[name] === "string");
  const [, folder] = /^(.*)\/(?:target|build)(?:\/|$)/.exec(path) ?? [];
  const modules = known.filter((name) => name.includes("/") && `${folder}/`.endsWith(`/${folderOf(name)}`));
  const roots = known.filter((name) => SCRIPTS.includes(name));
  const isOfRoot = folder !== undefined && roots.length > 0 && modules.length === 0;
  const chosen = isOfRoot ? roots : modules.length > 0 ? [...modules, ...roots] : known;
  return chosen.map((name) => files[name]).join("\n");
}

/** The folders of the build context that have a build script of their own. */
export function modulesOf({ dockerfile }: Stage): readonly string[] {
  const files = dockerfile.context.files ?? {};
  const own = Object.keys(files).filter((name) => /\/(?:pom\.xml|build\.gradle(?:\.kts)?)$/.test(name));
  return own.filter((name) => typeof files[name] === "string").map((name) => folderOf(name).replace(/\/$/, ""));
}

function isScript(name: string): boolean {
  return SCRIPTS.some((script) => name === script || name.endsWith(`/${script}`));
}

function folderOf(name: string): string {
  return name.replace(/[^/]*$/, "");
}
