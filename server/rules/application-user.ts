/**
 * Gives a stage an unprivileged user, the right way for its distribution. Shared by `root-user` and `missing-user`.
 *
 * Facts: https://docs.docker.com/build/building/best-practices/#user, the users of the images in `model/data/images.ts`,
 * UID 10001 as in `docker init`'s templates (above every range that distributions give out).
 */
import type { Command } from "../model/command.ts";
import type { Stage } from "../model/stage.ts";
import { normalise } from "../model/stage.ts";
import { startWords } from "../model/start.ts";
import { startChain } from "../model/start-script.ts";
import { madeAccount } from "./accounts.ts";
import { buildAtStart } from "./build-at-start.ts";
import { insertInstructionsAfter, insertInstructionsBefore, keyword } from "./edit.ts";
import { nodeObstacle } from "./node-writes.ts";
import { pythonWrites } from "./python-writes.ts";
import { needOfCommand, rootDeed, scriptWrites, unknownScript } from "./root-deeds.ts";
import { assuming, changing, type Edit, type Fix, unsafe } from "./rule.ts";
import { downloadedPython } from "./uv-python.ts";
import { givenDirectories, imageCommands, isShared, volumesOf, writtenDirectories } from "./written-directories.ts";

const ID = 10001;
const NAMES = ["app", "appuser", "runner"];

/** A fix, or why there is none. */
export type Remedy = { readonly fix: Fix } | { readonly refusal: string };

/** Programs that change to another user by themselves. */
const DROPPERS = /^(?:gosu|su-exec|setpriv|setuidgid|chpst|runuser|s6-setuidgid|s6-svscan|s6-overlay|fixuid)$/;
/** Servers that open their files and ports as root and go on as another user. */
const ROOT_SERVERS =
  /^(?:nginx|httpd|httpd-foreground|apache2|apache2ctl|apache2-foreground|apachectl|sshd|cron|crond|supervisord|service|systemd|init|my_init|runsvdir|monit|dockerd|containerd|haproxy|php-fpm[\d.]*|dovecot|postfix|named|unbound|dnsmasq|squid|rsyslogd)$/;
/** What starts the container gives up its privileges: `true`; it may: `undefined`. */
export function dropsPrivileges(stage: Stage): boolean | undefined {
  const isInherited = !stage.lineage.some((one) => one.instructions.some(({ keyword: name }) => name === "ENTRYPOINT"));
  if (stage.base.dropsPrivileges && isInherited) return true;
  const started = startChain(stage);
  const programs = started.flatMap(({ program, command }) => [program, ...command.wrappers.map(({ value }) => value)]);
  const words = [...programs, ...startWords(stage)];
  if (words.some((word) => word !== undefined && DROPPERS.test(word.slice(word.lastIndexOf("/") + 1)))) return true;
  // `exec su app -c server`, at the end of a script.
  if (
    started.some(({ program, command }) => program === "su" && command.wrappers.some(({ value }) => value === "exec"))
  )
    return true;
  const unknown = unknownScript(stage);
  // The base image's own entrypoint; or a program for dropping privileges in the image, which is there to be used.
  return unknown !== undefined && (stage.base.dropsPrivileges || hasDropper(stage)) ? undefined : false;
}

/** What starts the container is a server that needs root for its start alone, or lets others run as whom they should. */
export function rootServerOf(stage: Stage): string | undefined {
  return startChain(stage).find(({ program, command }) => ROOT_SERVERS.test(program) || isToldUser(command))?.program;
}

/** Its options name the user that it goes on as: gunicorn, uWSGI, celery, memcached, mysqld, ... */
function isToldUser({ program = "", args }: Command): boolean {
  const words = args.map(({ value, text }) => value ?? text);
  const isShort = /^(?:gunicorn|memcached|mysqld|unicornherder|celery)$/.test(program);
  return words.some((word, index) => {
    const [, option, given] = /^(-u|--user|--uid|--chuid|--setuid)(?:=(.*))?$/.exec(word) ?? [];
    const name = given ?? words[index + 1] ?? "";
    return option !== undefined && (option !== "-u" || isShort) && /^[a-z_]/i.test(name) && name !== "root";
  });
}

/** How the stage's container would run as another user than root. */
export function remedy(stage: Stage): Remedy {
  const directories = writtenDirectories(stage);
  const refusal = reasonAgainst(stage, directories);
  if (refusal) return { refusal };
  const python = pythonWrites(stage);
  const databases = python.databases.filter(
    (path) => !directories.some((one) => path === one || path.startsWith(`${one}/`)),
  );
  const obstacle = nodeObstacle(stage, directories) ?? (directories.length === 0 ? python.obstacle : undefined);
  if (obstacle) return { refusal: obstacle };
  const user = chooseUser(stage);
  if (!user) return { refusal: "how a user is made in this base image is not known" };
  const hasShell = stage.base.shell !== undefined && stage.shellBefore().posix && stage.base.shell !== "none";
  const written = [...directories, ...databases];
  if (!hasShell && written.length > 0) {
    return {
      refusal: `the image has no shell to give ${list(written)} to another user; set the owner where they are copied`,
    };
  }

  const commands = [
    ...user.creation,
    ...ownership(stage, directories, user.owner),
    // Not what else is in the directory, which would be there twice.
    ...(databases.length > 0 ? [`chown ${user.owner} ${databases.join(" ")}`] : []),
  ];
  const { dockerfile } = stage;
  const { syntax } = dockerfile;
  const run = commands.join(` ${syntax.escape}\n    && `);
  const lines = [`${keyword(stage, "USER")} ${user.reference}`];
  const edits: Edit[] = [];
  const volume = stage.instructions.find((instruction) => instruction.keyword === "VOLUME" && !instruction.onbuild);
  if (commands.length > 0) {
    const text = `${keyword(stage, "RUN")} ${run}`;
    // What is changed in a volume after VOLUME is lost.
    if (volume && written.length > 0) edits.push(insertInstructionsBefore(syntax, volume, text));
    else lines.unshift(text);
  }
  edits.push(insertUser(stage, lines));
  const title = user.creation.length > 0 ? `Run as a new user \`${user.label}\`` : `Run as \`${user.label}\``;
  return { fix: assuming(changing(unsafe(title, edits), "USER"), ...assumptions(stage, written, user)) };
}

interface ApplicationUser {
  /** What USER says. */
  readonly reference: string;
  readonly label: string;
  /** What `chown` says. */
  readonly owner: string;
  readonly creation: readonly string[];
}

function chooseUser(stage: Stage): ApplicationUser | undefined {
  const earlier = earlierUser(stage) ?? createdUser(stage);
  if (earlier) return { reference: earlier, label: earlier, owner: earlier, creation: [] };
  const { users, userReference, distribution } = stage.base;
  const own = users?.[0];
  if (own) return { reference: userReference ?? own, label: own, owner: userReference ?? own, creation: [] };
  const { name, id } = freeAccount(stage);
  switch (distribution) {
    case "debian":
    case "ubuntu":
      return made(name, [
        `groupadd --gid ${id} ${name}`,
        `useradd --uid ${id} --gid ${name} --create-home --shell /usr/sbin/nologin ${name}`,
      ]);
    case "alpine":
    case "busybox":
      return made(name, [`addgroup -g ${id} ${name}`, `adduser -D -u ${id} -G ${name} -s /sbin/nologin ${name}`]);
    // Their small images have no `useradd`; a number needs none.
    case "fedora":
    case "rhel":
    case "amazon":
    case "suse":
    case "arch":
    case "scratch":
      return { reference: `${ID}:${ID}`, label: `${ID}`, owner: `${ID}:${ID}`, creation: [] };
    default:
      return undefined;
  }
}

function made(name: string, creation: readonly string[]): ApplicationUser {
  return { reference: name, label: name, owner: `${name}:${name}`, creation };
}

/** The last user before the stage went back to root. */
function earlierUser(stage: Stage): string | undefined {
  for (const instruction of stage.effective().toReversed()) {
    if (instruction.keyword !== "USER") continue;
    const name = stage.expand(instruction.rest.text, instruction)?.trim();
    if (name && !/^(?:root|0+)(?::|$)/.test(name)) return instruction.rest.text.trim();
  }
  return undefined;
}

/** A user that a RUN of the image makes. */
function createdUser(stage: Stage): string | undefined {
  for (const { command } of imageCommands(stage)) {
    if (command.shell && command.shell.place !== "chain") continue;
    const account = madeAccount(command);
    if (account?.kind === "user") return account.name;
  }
  return undefined;
}

/** Neither the name nor the number is another account's. */
function freeAccount(stage: Stage): { readonly name: string; readonly id: number } {
  const commands = imageCommands(stage).map(({ command }) => command);
  const names = commands.map((command) => madeAccount(command)?.name);
  const numbers = commands
    .filter(({ program }) => /^(?:useradd|adduser|groupadd|addgroup)$/.test(program ?? ""))
    .flatMap(({ args }) => args.map(({ value }) => Number(value)));
  let id = ID;
  while (numbers.includes(id)) id++;
  return { name: NAMES.find((one) => !names.includes(one)) ?? NAMES[0]!, id };
}

function reasonAgainst(stage: Stage, directories: readonly string[]): string | undefined {
  const { distribution } = stage.base;
  if (distribution === undefined) return "the base image is not known, nor are its users";
  if (distribution === "windows") return "users of Windows containers are made in another way";
  const server = rootServerOf(stage);
  if (server && /^(?:supervisord|service|systemd|init|my_init|runsvdir|monit|crond?)$/.test(server))
    return `\`${server}\` starts as root, and programs as the users that its configuration names`;
  if (server) return `\`${server}\` starts as root and goes on as another user by itself`;
  if (dropsPrivileges(stage) !== false) return "the entrypoint changes to another user by itself";
  const asRoot = needOfCommand(stage, directories);
  if (asRoot) return asRoot;
  const build = buildAtStart(stage);
  if (build) return `\`${build}\` builds the program when it starts, for which it writes among the sources of root`;
  const deed = rootDeed(stage);
  if (deed) return `${deed}, which takes root`;
  const unknown = stage.dockerfile.context.files && unknownScript(stage);
  if (unknown) return `what \`${unknown}\` does as root is not known`;
  const home = rootHome(stage);
  if (home) return `${home}, which only root can read`;
  if (usesDocker(stage)) return "it uses the Docker socket, which belongs to root";
  const volume = volumesOf(stage).find((path) => isShared(path));
  if (volume) return `the volume \`${volume}\` belongs to the system`;
  return foreignWrite(stage, directories);
}

/** Its socket is mentioned, or Docker's client is in the image. */
function usesDocker(stage: Stage): boolean {
  const isSocket = (text: string | null): boolean => text?.includes("docker.sock") === true;
  if (volumesOf(stage).some(isSocket) || [...stage.environmentBefore()].some(([, value]) => isSocket(value)))
    return true;
  if (startChain(stage).some(({ script }) => isSocket(script?.text.text ?? null))) return true;
  return stage.dockerfile.packageOperations.some(
    ({ run, action, packages }) =>
      action === "install" &&
      stage.lineage.includes(run.stage) &&
      packages.some(({ name }) => /^docker(?:-ce-cli|\.io|-cli|-ce)?$/.test(name ?? "")),
  );
}

/** A start script writes where the user could not. */
function foreignWrite(stage: Stage, directories: readonly string[]): string | undefined {
  const isInside = (path: string, directory: string): boolean => path === directory || path.startsWith(`${directory}/`);
  const write = scriptWrites(stage).find(
    ({ path }) =>
      !directories.some((directory) => isInside(path, directory)) &&
      !givenDirectories(stage).some((directory) => isInside(path, directory)),
  );
  return write && `\`${write.by}\` writes to \`${write.path}\`, which belongs to root`;
}

/** What ties the program to root's home directory, as the begin of a sentence. */
function rootHome(stage: Stage): string | undefined {
  const isRoots = (text: string): boolean => /(?:^|[:=\s"'])(?:\/root|~)(?:\/|$)/.test(text);
  if (startWords(stage).some(isRoots)) return "the command uses `/root`";
  if (volumesOf(stage).some(isRoots)) return "a volume is under `/root`";
  if (isRoots(stage.workdirBefore() ?? "")) return "the working directory is under `/root`";
  for (const [name, value] of stage.environmentBefore()) {
    if (value !== null && isRoots(value)) return `\`${name}\` points to \`/root\``;
  }
  // PATH with itself in it is not known as a whole.
  for (const instruction of stage.effective()) {
    if (instruction.keyword !== "ENV") continue;
    const pair = instruction.pairs.find(({ value }) => value && isRoots(value.value));
    if (pair) return `\`${pair.key.value}\` points to \`/root\``;
  }
  const user = imageCommands(stage).some(
    ({ command }) => /^pip[\d.]*$/.test(command.program ?? "") && command.args.some(({ value }) => value === "--user"),
  );
  const python = downloadedPython(stage);
  if (python) return python;
  if (user) return "`pip install --user` puts the packages into `/root`";
  const words = startWords(stage);
  const isPoetry = words.length === 0 || words.some((word) => /(?:^|\/)poetry$/.test(word));
  if (isPoetry && imageCommands(stage).some(({ command }) => isGlobalPoetry(command)))
    return "`poetry config` without `--local` keeps its settings in `/root`";
  return imageCommands(stage).some(({ command }) => isGlobalBundle(command))
    ? "`bundle config` without `--local` keeps its settings in `/root`"
    : undefined;
}

/** Settings of Bundler for the user, of which the program may need some: https://bundler.io/man/bundle-config.1.html */
function isGlobalBundle({ program, args }: Command): boolean {
  const values = args.map(({ value }) => value ?? "");
  return (
    program === "bundle" &&
    values[0] === "config" &&
    values.length > 2 &&
    !values.some((value) => /^(?:--local|build\..*|get|list|unset)$/.test(value))
  );
}

/** Settings of Poetry for the user, as where its environments are: https://python-poetry.org/docs/configuration/ */
function isGlobalPoetry({ program, args }: Command): boolean {
  const values = args.map(({ value }) => value ?? "");
  return (
    program === "poetry" && values[0] === "config" && !values.some((value) => /^--(?:local|list|unset)$/.test(value))
  );
}

function ownership(stage: Stage, directories: readonly string[], owner: string): readonly string[] {
  if (directories.length === 0) return [];
  const made = imageCommands(stage)
    .filter(({ command }) => command.program === "mkdir")
    .flatMap(({ command }) => command.args);
  const missing = directories.filter(
    (directory) => !made.some(({ value }) => value !== undefined && normalise(value) === directory),
  );
  return [
    ...(missing.length > 0 ? [`mkdir -p ${missing.join(" ")}`] : []),
    `chown -R ${owner} ${directories.join(" ")}`,
  ];
}

function assumptions(stage: Stage, directories: readonly string[], user: ApplicationUser): readonly string[] {
  const written = directories.map((path) => `\`${path}\``);
  if (!/^\d/.test(user.reference)) written.push("its home directory");
  if (!stage.isScratch) written.push("`/tmp`");
  const unknown = unknownScript(stage);
  const sentences = [
    written.length > 0
      ? `The program writes to nothing but ${written.join(", ").replace(/, ([^,]*)$/, " and $1")}.`
      : "The program writes no files.",
  ];
  const port = portsOf(stage).find((number) => number > 0 && number < 1024);
  if (unknown) sentences.push(`Nothing in \`${unknown}\` needs root.`);
  if (port)
    sentences.push(
      `Opening port ${port} needs no root: so with Docker 20.10 and later, but not everywhere with Kubernetes.`,
    );
  return sentences;
}

/** The ports that EXPOSE and the variables of servers name. */
function portsOf(stage: Stage): readonly number[] {
  const exposed = stage
    .effective()
    .filter((instruction) => instruction.keyword === "EXPOSE")
    .flatMap((instruction) => instruction.arguments)
    .map(({ value }) => Number.parseInt(value, 10));
  const set = [...stage.environmentBefore()]
    .filter(([name]) => /^(?:ASPNETCORE_(?:URLS|HTTPS?_PORTS)|DOTNET_URLS|SERVER_PORT|PORT)$/.test(name))
    .flatMap(([, value]) =>
      [...(value ?? "").matchAll(/(?:^|[:;,])(\d+)(?=$|[/;,])/g)].map(([, digits]) => Number(digits)),
    );
  return [...exposed, ...set];
}

/** Behind all that needs root, before CMD and ENTRYPOINT. */
function insertUser(stage: Stage, lines: readonly string[]): Edit {
  const { syntax } = stage.dockerfile;
  const last = stage.instructions.findLastIndex(({ keyword: name }) =>
    /^(?:RUN|COPY|ADD|WORKDIR|VOLUME|USER|SHELL)$/.test(name),
  );
  const start = stage.instructions.slice(last + 1).find(({ keyword: name }) => name === "CMD" || name === "ENTRYPOINT");
  if (start) return insertInstructionsBefore(syntax, start, ...lines);
  return insertInstructionsAfter(syntax, stage.instructions.at(-1) ?? stage.from, ...lines);
}

function hasDropper(stage: Stage): boolean {
  const installed = stage.dockerfile.packageOperations.some(
    ({ run, action, packages }) =>
      action === "install" &&
      stage.lineage.includes(run.stage) &&
      packages.some(
        ({ name }) => name !== undefined && (DROPPERS.test(name) || name === "s6" || name === "s6-overlay"),
      ),
  );
  const copied = stage
    .effective()
    .some(
      ({ keyword: name, arguments: words }) =>
        (name === "COPY" || name === "ADD") && words.some(({ value }) => /(?:gosu|su-exec|s6-overlay)/.test(value)),
    );
  const fetched = imageCommands(stage).some(({ command }) =>
    command.words.some(({ text }) => /\/(?:gosu|su-exec|s6-overlay)/.test(text)),
  );
  return installed || copied || fetched;
}

function list(items: readonly string[]): string {
  return items.map((item) => `\`${item}\``).join(", ");
}
