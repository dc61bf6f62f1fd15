/**
 * What downloads the dependencies of a Java project before its sources come: https://maven.apache.org/plugins/maven-dependency-plugin/go-offline-mojo.html,
 * https://docs.gradle.org/current/userguide/viewing_debugging_dependencies.html.
 */
import type { Command } from "../model/command.ts";
import { normalise } from "../model/stage.ts";
import type { Files } from "./dependency-manifests.ts";
import type { FirstInstall } from "./first-install.ts";

/** @param tree every file of the build context, as far as it is known. */
export function mavenDownload(
  { program, programWord, args }: Command,
  files: Files,
  tree: readonly string[] | undefined,
): FirstInstall | string | undefined {
  const values = args.map(({ value, text }) => value ?? text);
  if (!values.some((value) => /^(?:package|install|verify|compile|test|deploy|\S*:build\S*)$/.test(value)))
    return undefined;
  const root = files["pom.xml"];
  if (typeof root !== "string" || /<relativePath>\s*[^<\s]|<systemPath>/.test(root)) return undefined;
  if (values.some((value) => /^(?:-f|--file|-o|--offline)$/.test(value))) return undefined;
  const isWrapper = program === "mvnw";
  if (isWrapper && typeof files[".mvn/wrapper/maven-wrapper.properties"] !== "string") return undefined;
  const poms = modulesOf(files);
  if (!poms || typeof poms === "string") return poms;
  const settings = optionsOf(values);
  if (typeof settings === "string") return settings;
  const configured = tree?.some((path) => path.startsWith(".mvn/")) === true;
  const named = settings.flatMap((option, index) => (/^-g?s$/.test(settings[index - 1] ?? "") ? [option] : []));
  if (named.some((name) => files[name] === null || (tree && !tree.includes(name)) || name.includes("/")))
    return "the settings that it names are in another folder";
  return {
    files: [...(isWrapper ? ["mvnw"] : []), ...named, ...poms],
    folders: isWrapper || configured ? [".mvn"] : [],
    command: [programWord!.text, "-B", ...settings, "dependency:go-offline"].join(" "),
    assumptions: ["`dependency:go-offline` finds what the build needs; what it misses, the build downloads itself."],
  };
}

/** The manifests of all modules; or why they are not enough; `undefined`: they are not known. */
function modulesOf(files: Files): readonly string[] | string | undefined {
  const poms = ["pom.xml"];
  for (const path of poms) {
    const folder = path.replace(/[^/]*$/, "");
    for (const [, module] of (files[path] ?? "").matchAll(/<module>\s*([^<]+?)\s*<\/module>/g)) {
      const place = normalise(`/${folder}${module}`).slice(1);
      const pom = place.endsWith(".xml") ? place : `${place}/pom.xml`;
      if (typeof files[pom] !== "string") return undefined;
      if (!poms.includes(pom)) poms.push(pom);
    }
  }
  const artefacts = poms.map((path) => ownArtefact(files[path]!));
  const needs = poms.flatMap((path) =>
    [...files[path]!.matchAll(/<dependency>([\s\S]*?)<\/dependency>/g)].map(
      ([, text]) => /<artifactId>\s*([^<\s]+)/.exec(text!)?.[1],
    ),
  );
  return poms.length > 1 && needs.some((name) => name !== undefined && artefacts.includes(name))
    ? "its modules need each other, which Maven cannot resolve before they are built; a cache mount for `/root/.m2` keeps the downloads"
    : poms;
}

/** Its own `artifactId`, not that of its parent. */
function ownArtefact(pom: string): string | undefined {
  const rest = pom.replace(/<parent>[\s\S]*?<\/parent>/, "");
  return /<artifactId>\s*([^<\s]+)/.exec(rest)?.[1];
}

/** The options that say what is downloaded, and from where. */
function optionsOf(values: readonly string[]): readonly string[] | string {
  const kept: string[] = [];
  for (const [index, value] of values.entries()) {
    if (/^(?:-pl|--projects|-rf)$/.test(value)) return "it builds some of the modules only";
    if (/^(?:-s|-gs|-P)$/.test(value)) kept.push(value, values[index + 1] ?? "");
    else if (/^(?:-P\S|-D(?!skip|maven\.(?:test|javadoc))|-q$|-ntp$|--no-transfer-progress$|-U$)/.test(value))
      kept.push(value);
  }
  return kept.some((option) => !/^[\w.,:/=+@-]+$/.test(option)) ? "its options are not known" : kept;
}

const GRADLE_SCRIPT = /(?:^|\/)(?:(?:build|settings)\.gradle(?:\.kts)?|gradle\.properties)$/;
/** What lets a script read the sources, or other files. */
const READS =
  /\b(?:file|files|fileTree|readText|readLines|exec|ProcessBuilder|git\w*)\s*[({]|\.text\b|apply\s*\(?\s*from|includeBuild|\bgit[.-]/;

export function gradleDownload(
  { program, programWord, args }: Command,
  files: Files,
  tree: readonly string[] | undefined,
): FirstInstall | string | undefined {
  const values = args.map(({ value, text }) => value ?? text);
  if (
    !values.some((value) =>
      /^:?(?:[\w-]+:)*(?:build|assemble|bootJar|jar|shadowJar|buildFatJar|installDist|war|bootWar|quarkusBuild)$/.test(
        value,
      ),
    )
  )
    return undefined;
  if (values.some((value) => /^(?:-p|--project-dir|--offline|-I|--init-script)$/.test(value))) return undefined;
  const scripts = (tree ?? []).filter((path) => GRADLE_SCRIPT.test(path) && !path.startsWith("buildSrc/"));
  if (!tree || !scripts.some((path) => /^(?:settings|build)\.gradle/.test(path))) return undefined;
  const isWrapper = program === "gradlew";
  if (isWrapper && !tree.includes("gradle/wrapper/gradle-wrapper.properties")) return undefined;
  const reader = scripts.find((path) => typeof files[path] !== "string" || READS.test(files[path]!));
  if (reader !== undefined)
    return `\`${reader}\` may read more files than the scripts; a cache mount for \`/root/.gradle\` keeps the downloads`;
  return {
    files: [...(isWrapper ? ["gradlew"] : []), ...scripts],
    folders: ["gradle", "buildSrc"].filter((folder) => tree.some((path) => path.startsWith(`${folder}/`))),
    command: `${programWord!.text} --no-daemon dependencies`,
    assumptions: [
      "Gradle's scripts need none of the sources.",
      "`dependencies` fetches Gradle, its plugins and what describes the libraries; the libraries themselves, the build fetches.",
    ],
  };
}
