import type { Stage } from "../model/stage.ts";

/**
 * The text of a manifest of the project that a stage builds: in the root of the build context, or the only one in a folder.
 * `undefined`: there is none, or it is not known.
 */
export function manifest({ dockerfile }: Stage, name: string): string | undefined {
  const files = dockerfile.context.files ?? {};
  const root = files[name];
  if (typeof root === "string") return root;
  const found = Object.entries(files).filter(([path, text]) => path.endsWith(`/${name}`) && typeof text === "string");
  return found.length === 1 ? found[0]![1]! : undefined;
}

/**
 * Whether the project has a folder of this name; `undefined`: not known.
 * @param file a manifest that stands beside it.
 */
export function hasFolder(stage: Stage, name: string, file: string): boolean | undefined {
  const { tree, files = {} } = stage.dockerfile.context;
  if (!tree) return undefined;
  const place = typeof files[file] === "string" ? file : tree.find((path) => path.endsWith(`/${file}`));
  return place === undefined
    ? undefined
    : tree.some((path) => path.startsWith(`${place.slice(0, -file.length)}${name}/`));
}
