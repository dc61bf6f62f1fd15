/** Files of the build context that the container's command or its variables name, so that the program is going to read them. */
import type { Stage } from "../model/stage.ts";
import type { Instruction } from "../syntax/parse.ts";
import { inDirectory } from "./build-command.ts";
import type { ContainerStart } from "./container-start.ts";
import { isInside } from "./stage-split.ts";

/** The name of an option or a variable that holds a path. */
const PATH_NAME =
  /(?:^|[-_])(?:dir|path|file|root|config|conf|template|templates|static|assets|public|migrations?|views|locales?|certs?|schema)$/i;
const FILE = /^[\w./-]+\.(?:ya?ml|json|toml|ini|conf|cfg|properties|env|xml|pem|crt|html|tmpl|tpl|sql|csv)$/;
/** Made by the program while it runs. */
const WRITTEN =
  /(?:^|[/_.-])(?:logs?|data|db|database|cache|caches|tmp|temp|run|uploads?|media|storage|sessions?|state|spool|backups?|pid|sock)(?:$|[/_.-])|\.(?:db|sqlite3?|log|pid|sock)$/i;

/** It copies the whole build context, or a whole folder of it into another one's place. */
export function isWholeCopy(stage: Stage, instruction: Instruction): boolean {
  const { keyword, arguments: words } = instruction;
  if ((keyword !== "COPY" && keyword !== "ADD") || instruction.flag("from") || stage.instructions.length === 0)
    return false;
  return words.slice(0, -1).some(({ value }) => /^(?:\.?\/?|\.?\/?\*)$/.test(value));
}

/** @param isOutput what is copied anyway. */
export function carriedPaths(
  stage: Stage,
  start: ContainerStart,
  inBuilder: readonly Instruction[],
  isOutput: (path: string) => boolean,
): readonly string[] {
  const whole = inBuilder.findLast((instruction) => isWholeCopy(stage, instruction));
  const target = whole?.arguments.at(-1);
  const place = whole && target && stage.resolve(target, whole);
  const root = place === undefined ? undefined : inDirectory(place, stage.workdirBefore(whole));
  if (root === undefined || root === "/") return [];
  const paths = new Set<string>();
  const add = (given: string, name: string): void => {
    const value = given.replace(/^file:(?:\/\/)?/, "");
    // A property of Java names resources, too.
    if (/^D\w/.test(name) && !value.startsWith("/")) return;
    if (!/^[\w./@+-]+$/.test(value) || WRITTEN.test(value) || WRITTEN.test(name)) return;
    const isPath = value.startsWith("/") || FILE.test(value) || (PATH_NAME.test(name) && value !== ".");
    const path = isPath ? inDirectory(value, stage.workdirBefore()) : undefined;
    if (path && path !== root && isInside(path, root) && !isOutput(path)) paths.add(path);
  };
  for (const { args } of start.commands) {
    for (const [index, { value }] of args.entries()) {
      if (value === undefined) continue;
      const [, name, inner] = /^-{0,2}([\w.-]+)=(.*)$/.exec(value) ?? [];
      if (inner !== undefined) add(inner, name!);
      else if (!value.startsWith("-")) add(value, args[index - 1]?.value ?? "");
    }
  }
  for (const [name, value] of stage.environmentBefore()) {
    if (value && name !== "PATH" && !/^(?:GO|CARGO|RUST|MAVEN|GRADLE|NODE_)/.test(name)) add(value, name);
  }
  return [...paths];
}
