/** Which program reads the Dockerfile: `# syntax=` names it. */
import type { Syntax } from "../syntax/parse.ts";

/** Docker's own, in any version; another one may know more instructions and flags. */
export function isDockerFrontend({ directives }: Syntax): boolean {
  const frontend = directives.find(({ name }) => name === "syntax")?.value ?? "docker/dockerfile";
  return /^(?:docker\.io\/)?docker\/dockerfile(?:-upstream)?(?:[:@]|$)/.test(frontend);
}
