import type { Dockerfile } from "../model/dockerfile.ts";
import type { PackageOperation } from "../model/packages.ts";

/** What speaks TLS only recommends the certificates that it needs for it: without recommended packages, they are wanted, too. */
export function wantsCertificates(packages: readonly (string | undefined)[]): boolean {
  const names = packages.map((name = "") => name.replace(/[=:/].*$/s, ""));
  return (
    names.some((name) => /^(?:curl|wget|git|nodejs|npm|libcurl\d.*)$/.test(name)) && !names.includes("ca-certificates")
  );
}

/** An installation above has brought them, or the image and its slim variant have them: docker-library's Dockerfiles, 2026-11. */
export function hasCertificates({ run, command }: PackageOperation): boolean {
  const { stage } = run;
  const { registry, repository = "" } = stage.lineage[0]!.image ?? {};
  if (registry === "docker.io" && /^(?:buildpack-deps|golang|php|python|ruby)$/.test(repository)) return true;
  return bringers(stage.dockerfile).some(
    (other) => stage.isBuiltOn(other.run.stage) && other.command.range.start < command.range.start,
  );
}

const BRINGERS = new WeakMap<Dockerfile, readonly PackageOperation[]>();

/** The installations of certificates. */
function bringers(dockerfile: Dockerfile): readonly PackageOperation[] {
  let found = BRINGERS.get(dockerfile);
  if (!found) {
    found = dockerfile.packageOperations.filter(
      ({ action, packages }) => action === "install" && packages.some(({ name }) => name === "ca-certificates"),
    );
    BRINGERS.set(dockerfile, found);
  }
  return found;
}
