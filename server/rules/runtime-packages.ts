/** What a program needs at run time of the packages that it is built with. */
import { ALPINE_RUNTIME } from "../model/data/alpine-packages.ts";
import { debianReleaseOfTag } from "../model/data/runtime-images.ts";
import { ubuntuRuntime } from "../model/data/ubuntu-packages.ts";
import { type DebianRelease, debianReleases, packageFacts } from "../model/debian.ts";
import type { PackageOperation } from "../model/packages.ts";
import type { Stage } from "../model/stage.ts";
import { wantsCertificates } from "./certificates.ts";

/** What stays behind for a package that goes; `undefined`: it is no build package, or what it leaves is not known. */
export function runtimeOf({ manager, run }: PackageOperation, name: string): readonly string[] | undefined {
  const bringsOwnPython = run.stage.image?.repository === "python";
  // That of the distribution's own Python, which nothing here runs with.
  if (bringsOwnPython && /^(?:lib)?python3(?:\.\d+)?-dev$/.test(name)) return [];
  if (manager === "apk") return Object.hasOwn(ALPINE_RUNTIME, name) ? ALPINE_RUNTIME[name] : undefined;
  const { distribution, release } = run.stage.base;
  if (distribution === "ubuntu") return ubuntuRuntime(name, release);
  if (distribution !== "debian") return undefined;
  const releases = possibleReleases(run.stage);
  const answers = releases.map((release) => runtimeIn(name, release));
  const [first, ...others] = answers;
  // On 64-bit machines, Debian 13's `libpng16-16t64` answers to the name that it had before.
  const plain = (names: readonly string[] | undefined): string | undefined =>
    names?.map((one) => one.replace(/t64$/, "")).join();
  if (others.some((other) => plain(other) !== plain(first))) return undefined;
  return first?.filter(
    (one) =>
      releases.some((release) => packageFacts(one, release).inBase !== true) &&
      !(bringsOwnPython && /^(?:lib)?python3/.test(one)),
  );
}

function runtimeIn(name: string, release: DebianRelease | undefined): readonly string[] | undefined {
  const { role, runtime } = packageFacts(name, release);
  return role === "build" ? runtime : undefined;
}

/** The releases that the base image can be; `undefined` among them: any. */
function possibleReleases(stage: Stage): readonly (DebianRelease | undefined)[] {
  const release = debianReleaseOf(stage);
  if (release !== undefined) return [release];
  const { registry, repository = "", tag = "latest" } = stage.lineage[0]!.image ?? {};
  const version = /^(\d+)(?:\.(\d+))?/.exec(tag);
  const oldest = { node: [18, 0], php: [8, 1], python: [3, 8], ruby: [3, 1] }[repository];
  if (registry !== "docker.io" || !oldest) return [undefined];
  const [major, minor] = [Number(version?.[1] ?? Infinity), Number(version?.[2] ?? Infinity)];
  // Tags without a release have been Debian 12 since June 2023, and 13 since August 2025; older versions were not moved.
  const isRecent = major > oldest[0]! || (major === oldest[0] && minor >= oldest[1]!);
  return isRecent ? ["bookworm", "trixie"] : [undefined];
}

/** What a final stage installs of what these operations install, as it is written; without the packages that are only recommended. */
export function runtimePackages(operations: readonly PackageOperation[]): readonly string[] {
  const packages = new Set(operations.flatMap(staying));
  const hadCertificates = operations.some(
    (operation) =>
      /^apt(?:-get)?$/.test(operation.manager) &&
      operation.has("--no-install-recommends") === false &&
      wantsCertificates(staying(operation)),
  );
  if (hadCertificates) packages.add("ca-certificates");
  return [...packages];
}

function staying(operation: PackageOperation): readonly string[] {
  return operation.packages.flatMap(
    ({ word, name }) => (name === undefined ? undefined : runtimeOf(operation, name)) ?? [word.text],
  );
}

export function debianReleaseOf(stage: Stage): DebianRelease | undefined {
  const { distribution, release } = stage.base;
  const { image } = stage.lineage[0]!;
  if (distribution !== "debian") return undefined;
  const name = release ?? (image?.registry === "docker.io" ? debianReleaseOfTag(image) : undefined);
  return debianReleases.find((known) => known === name);
}
