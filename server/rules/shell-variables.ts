/** Which variables a script sets. */
import type { Run } from "../model/run.ts";

/** Something in the RUN may set the variable; when it runs other scripts in its own shell, it may set any. */
export function isSetBy(run: Run, name: string): boolean {
  return mayRunOthers(run) || namesSetBy(run).has(name);
}

/** `. file`, `eval`, `export $(...)`: what these set is not known. */
export function mayRunOthers(run: Run): boolean {
  return run.scripts.some(({ commands }) =>
    commands.some(
      ({ name, args }) =>
        /^(?:\.|source|eval)$/.test(name ?? "") ||
        (/^(?:export|declare|typeset|local|readonly|read)$/.test(name ?? "") &&
          args.some(({ text }) => /^["']?[$`]/.test(text))),
    ),
  );
}

/** For certain: `NAME=value`, `export NAME=value`, `for NAME in`. */
export function assignedNames(run: Run): readonly string[] {
  return run.scripts.flatMap(({ commands, text }) => [
    ...commands.flatMap(({ words, assignments }) => (words.length === 0 ? assignments.map(({ name }) => name) : [])),
    ...commands
      .filter(({ name }) => /^(?:export|local|readonly|declare|typeset)$/.test(name ?? ""))
      .flatMap(({ args }) => args.flatMap((word) => /^([A-Za-z_]\w*)=/.exec(word.text)?.[1] ?? [])),
    ...[...text.text.matchAll(/\bfor\s+([A-Za-z_]\w*)\s+in\b/g)].map(([, name]) => name!),
  ]);
}

/** In whatever way: assigned, read, looped over, with a default, from a secret. */
export function namesSetBy(run: Run): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { text } of run.scripts) {
    for (const [, name] of text.text.matchAll(/\b([A-Za-z_]\w*)(?:\[[^\]]*\])?\+?=/g)) names.add(name!);
    for (const [, name] of text.text.matchAll(/\$\{([A-Za-z_]\w*):?=/g)) names.add(name!);
    for (const [, words] of text.text.matchAll(
      /\b(?:for|select|read|mapfile|readarray|getopts|printf|let|local|export|declare|typeset|readonly|coproc|exec|wait)\b([^;&|\n]*)/g,
    ))
      for (const [name] of words!.matchAll(/(?<![$\w{-])[A-Za-z_]\w*/g)) names.add(name);
    for (const [, words] of text.text.matchAll(/\(\(([^)]*)\)\)/g))
      for (const [name] of words!.matchAll(/[A-Za-z_]\w*/g)) names.add(name);
  }
  for (const { type, options } of run.mounts) {
    if (type === "secret" && options.has("env")) names.add(options.get("env")!);
  }
  return names;
}
