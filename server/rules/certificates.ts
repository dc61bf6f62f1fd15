import type { PackageOperation } from "../model/packages.ts";

/** What speaks TLS only recommends the certificates that it needs for it: without recommended packages, they are wanted, too. */
export function wantsCertificates(packages: readonly (string | undefined)[]): boolean {
  const names = packages.map((name = "") => name.replace(/[=:/].*$/s, ""));
  return names.some((name) => /^(?:curl|wget|git|libcurl\d.*)$/.test(name)) && !names.includes("ca-certificates");
}

/** An installation above has brought them, or the image and its slim variant have them: docker-library's Dockerfiles, 2026-11. */
export function hasCertificates({ run, command }: PackageOperation): boolean {
  const { stage } = run;
  const { registry, repository = "" } = stage.lineage[0]!.image ?? {};
  if (registry === "docker.io" && /^(?:buildpack-deps|golang|python)$/.test(repository)) return true;
  return stage.dockerfile.packageOperations.some(
    (other) =>
      other.action === "install" &&
      stage.lineage.includes(other.run.stage) &&
      other.command.range.start < command.range.start &&
      other.packages.some(({ name }) => name === "ca-certificates"),
  );
}
