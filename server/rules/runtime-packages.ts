/** What a program needs at run time of the packages that it is built with. */
import { type DebianRelease, debianReleases, packageFacts } from "../model/debian.ts";
import type { PackageOperation } from "../model/packages.ts";
import type { Stage } from "../model/stage.ts";

/** What stays behind for a package that goes; `undefined`: it is no build package, or what it leaves is not known. */
export function runtimeOf({ manager, run }: PackageOperation, name: string): readonly string[] | undefined {
  if (manager === "apk") return ALPINE_TOOLS[name];
  // Ubuntu's libraries have other names.
  if (run.stage.base.distribution !== "debian") return undefined;
  const release = debianReleaseOf(run.stage);
  const { role, runtime } = packageFacts(name, release);
  if (role !== "build") return undefined;
  const bringsOwnPython = run.stage.image?.repository === "python";
  return runtime?.filter(
    (one) => packageFacts(one, release).inBase !== true && !(bringsOwnPython && /^(?:lib)?python3/.test(one)),
  );
}

/** What a final stage installs of what these operations install, as it is written. */
export function runtimePackages(operations: readonly PackageOperation[]): readonly string[] {
  const packages = operations.flatMap((operation) =>
    operation.packages.flatMap(
      ({ word, name }) => (name === undefined ? undefined : runtimeOf(operation, name)) ?? [word.text],
    ),
  );
  return [...new Set(packages)];
}

export function debianReleaseOf(stage: Stage): DebianRelease | undefined {
  const { distribution, release } = stage.base;
  return distribution === "debian" ? debianReleases.find((known) => known === release) : undefined;
}

/** What a program built with Alpine's tools still needs: https://pkgs.alpinelinux.org. The libraries of `-dev` packages are not known. */
const ALPINE_TOOLS: Readonly<Record<string, readonly string[]>> = {
  "alpine-sdk": ["libstdc++"],
  "build-base": ["libstdc++"],
  "g++": ["libstdc++"],
  "libc-dev": [],
  "linux-headers": [],
  "musl-dev": [],
  autoconf: [],
  automake: [],
  cmake: [],
  gcc: ["libgcc"],
  make: [],
};
