/** Programs that pretend to be docker, podman or buildah: they build nothing, and note what they were told. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface Behaviour {
  /** Its daemon does not answer. */
  readonly silent?: boolean;
  /** A build prints this and fails. */
  readonly failure?: string;
  /** Only of a Dockerfile that has this. */
  readonly failsOn?: string;
  /** A build never ends, and neither does what it has started. */
  readonly endless?: boolean;
}

/** What one call was given, and what a build has read. */
export interface Call {
  readonly args: readonly string[];
  readonly dockerfile?: string;
  readonly mode?: number;
  readonly ignored?: string;
  /** Of what an endless build has started. */
  readonly child?: number;
}

/** Puts a program into a folder. */
export function fakeEngine(folder: string, name: string, behaviour: Behaviour = {}): void {
  mkdirSync(folder, { recursive: true });
  const program = join(folder, name);
  const log = JSON.stringify(join(folder, `${name}.calls`));
  // What compiles this file calls a helper of its own in every function.
  const script = `const __name = (one) => one;\n(${main})(${JSON.stringify(name)}, ${log}, ${JSON.stringify(behaviour)});\n`;
  writeFileSync(program, `#!${process.execPath}\n${script}`);
  chmodSync(program, 0o755);
}

export function callsOf(folder: string, name: string): readonly Call[] {
  const path = join(folder, `${name}.calls`);
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line) as Call);
}

/** Runs in a process of its own, from its text. An image is as large as its Dockerfile is long. */
function main(name: string, log: string, { silent, failure, failsOn, endless }: Behaviour): void {
  const fs = process.getBuiltinModule("node:fs");
  const { spawn } = process.getBuiltinModule("node:child_process");
  const args = process.argv.slice(2);
  const note = (more: object): void => fs.appendFileSync(log, `${JSON.stringify({ args, ...more })}\n`);
  const option = (key: string): string | undefined =>
    args.find((arg) => arg.startsWith(`--${key}=`))?.slice(key.length + 3);
  const store = (tag: string): string => `${log}-${tag.replace(/\W/g, "-")}`;
  const tag = args.at(-1)!;
  if (args[0] === "version" || args[0] === "info") {
    note({});
    if (silent) process.exit(1);
    console.log("1.2.3");
  } else if (args[0] === "build") {
    const file = option("file")!;
    const text = fs.readFileSync(file, "utf8");
    const ignore = option("ignorefile") ?? `${file}.dockerignore`;
    const seen = {
      ...{ dockerfile: text, mode: fs.statSync(file).mode & 0o777 },
      ...(fs.existsSync(ignore) ? { ignored: fs.readFileSync(ignore, "utf8") } : {}),
    };
    if (endless) {
      const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
      note({ ...seen, child: child.pid });
      console.error("#1 [1/1] RUN sleep infinity");
      return;
    }
    note(seen);
    console.error("#5 [1/2] FROM docker.io/library/debian:12\n#6 [2/2] RUN make");
    if (failure !== undefined && (failsOn === undefined || text.includes(failsOn))) {
      console.error(failure);
      process.exit(1);
    }
    fs.writeFileSync(store(option("tag")!), text);
  } else if (args.includes("rm") || args[0] === "rmi") {
    note({});
    fs.rmSync(store(tag), { force: true });
  } else {
    note({});
    const { length } = fs.readFileSync(store(tag), "utf8");
    if (name === "buildah") {
      const history = [
        { created_by: "/bin/sh -c #(nop) ADD file:0a1b in /" },
        { created_by: "/bin/sh -c #(nop) USER app", empty_layer: true },
      ];
      console.log(JSON.stringify({ Manifest: JSON.stringify({ layers: [{ size: length }] }), OCIv1: { history } }));
    } else if (args[0] === "image") {
      console.log(JSON.stringify(name === "podman" ? [{ Size: length }] : { Size: length }));
    } else {
      const layers = [
        { CreatedBy: "RUN |1 A=b /bin/sh -c make # buildkit", Size: String(length - 1), size: length - 1 },
        // As Podman tells of an image that was imported.
        { ...(name === "podman" ? {} : { CreatedBy: "" }), Size: "1", size: 1 },
      ];
      console.log(name === "podman" ? JSON.stringify(layers) : layers.map((layer) => JSON.stringify(layer)).join("\n"));
    }
  }
}
