/** What speaks TLS only recommends the certificates that it needs for it: without recommended packages, they are wanted, too. */
export function wantsCertificates(packages: readonly (string | undefined)[]): boolean {
  const names = packages.map((name = "") => name.replace(/[=:/].*$/s, ""));
  return names.some((name) => /^(?:curl|wget|git|libcurl\d.*)$/.test(name)) && !names.includes("ca-certificates");
}
