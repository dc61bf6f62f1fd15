/** The projects of .NET in the build context, and what of a runtime they need: https://learn.microsoft.com/dotnet/core/project-sdk/overview. */
import { normalise, type Stage } from "../model/stage.ts";

export interface DotnetProject {
  /** Relative to the build context. */
  readonly path: string;
  readonly text: string;
}

/** Every project of the build context that is known. */
export function projectsOf({ dockerfile }: Stage): readonly DotnetProject[] {
  return Object.entries(dockerfile.context.files ?? {}).flatMap(([path, text]) =>
    /\.(?:cs|fs|vb)proj$/i.test(path) && typeof text === "string" ? [{ path, text }] : [],
  );
}

/** The project of which this program or library is made; `undefined`: it is not known, or several might be. */
export function projectOf(stage: Stage, program: string): DotnetProject | undefined {
  const name = program.replace(/^.*\//, "").replace(/\.dll$/, "");
  const found = projectsOf(stage).filter(({ path, text }) => {
    const own = /<AssemblyName>\s*([^<\s]+)\s*</.exec(text)?.[1];
    return (own ?? path.replace(/^.*\//, "").replace(/\.\w+$/, "")) === name;
  });
  return found.length === 1 ? found[0] : undefined;
}

/** The project and all that it refers to, and the properties that they share; `undefined`: a part of it is not known. */
export function closureOf(stage: Stage, project: DotnetProject): readonly DotnetProject[] | undefined {
  const projects = projectsOf(stage);
  const found = [project];
  for (const { path, text } of found) {
    const folder = path.replace(/[^/]*$/, "");
    for (const [, include] of text.matchAll(/<(?:ProjectReference|Import)\b[^>]*?\b(?:Include|Project)="([^"]+)"/g)) {
      const target = normalise(`/${folder}${include!.replaceAll("\\", "/")}`).slice(1);
      const known = projects.find((one) => one.path.toLowerCase() === target.toLowerCase());
      if (!known) return undefined;
      if (!found.includes(known)) found.push(known);
    }
  }
  return found;
}

/** What `Directory.Build.props` and its like say in the folder of a project or above. */
export function sharedProperties({ dockerfile }: Stage): string {
  return Object.entries(dockerfile.context.files ?? {})
    .filter(([path, text]) => /(?:^|\/)Directory\.Build\.(?:props|targets)$/i.test(path) && typeof text === "string")
    .map(([, text]) => text)
    .join("\n");
}

/** The names of the packages that projects ask for. */
export function packagesOf(projects: readonly DotnetProject[]): readonly string[] {
  return projects.flatMap(({ text }) =>
    [...text.matchAll(/<PackageReference\b[^>]*?\bInclude="([^"]+)"/g)].map(([, name]) => name!),
  );
}
