import type { Stage } from "../model/stage.ts";
import type { ShellWord } from "../syntax/shell.ts";
import { insertAfter, replace } from "./edit.ts";
import { named, partOf } from "./options.ts";
import { assuming, changing, defineRule, type Finding, type Fix, unsafe } from "./rule.ts";
import { keywordOf, type Start, startOptions, startsOf } from "./start-program.ts";

export default defineRule({
  id: "loopback-listener",
  category: "correctness",
  severity: "warning",
  weight: "medium",
  aliases: [],
  fix: "unsafe",
  concerns: "container",
  judges: "stage",

  *check({ finalStage }) {
    if (!finalStage) return;
    const starts = startsOf(finalStage);
    if (hasProxy(finalStage, starts)) return;
    for (const start of starts) {
      const found = explicit(start) ?? byDefault(start, finalStage);
      if (found) yield found;
    }
  },
});

const LOOPBACK = /^(?:[a-z]+:\/\/)?(127(?:\.\d+){3}|localhost|\[::1\]|::1)(?::\d+)?(?:\/.*)?$/i;

/** The options that say where a server listens. */
const ADDRESS_OPTIONS: Readonly<Record<string, string>> = {
  uvicorn: "--host",
  gunicorn: "-b --bind",
  hypercorn: "-b --bind",
  daphne: "-b --bind",
  granian: "--host",
  flask: "-h --host",
  quart: "-h --host",
  sanic: "-H --host",
  fastapi: "--host",
  "waitress-serve": "--host --listen",
  streamlit: "--server.address",
  jupyter: "--ip --ServerApp.ip --NotebookApp.ip",
  "jupyter-lab": "--ip --ServerApp.ip --NotebookApp.ip",
  "jupyter-notebook": "--ip --ServerApp.ip --NotebookApp.ip",
  "http.server": "-b --bind",
  tensorboard: "--host",
  mlflow: "-h --host",
  dagster: "-h --host",
  "dagster-webserver": "-h --host",
  vllm: "--host",
  chainlit: "-h --host",
  mkdocs: "-a --dev-addr",
  vite: "--host",
  astro: "--host",
  ng: "--host",
  next: "-H --hostname",
  nuxt: "-H --host",
  nuxi: "-H --host",
  webpack: "--host",
  "webpack-dev-server": "--host",
  "http-server": "-a",
  serve: "-l --listen",
  "json-server": "-H --host",
  rails: "-b --binding",
  puma: "-b --bind",
  unicorn: "-l --listen -o --host",
  thin: "-a --address",
  jekyll: "-H --host",
  hugo: "--bind",
  php: "-S",
};

function explicit(start: Start): Finding | undefined {
  const { name = "", args } = start;
  const options = ADDRESS_OPTIONS[name]?.split(" ") ?? (isArtisan(start) ? ["--host"] : undefined);
  if (!options) return isDjango(start) ? djangoAddress(start) : undefined;
  const given = named(startOptions(start, options), ...options);
  // One of several is enough to be reached.
  if (given.length === 0 || !given.every(({ value }) => LOOPBACK.test(value ?? ""))) return undefined;
  const { value, valueRange, valueWord, word } = given.at(-1)!;
  if (value === undefined || !valueRange || (name === "php" && args[0] === undefined)) return undefined;
  const shift = valueWord ? 0 : (word.value ?? "").length - value.length;
  return finding(start, valueWord ?? word, shift, value, valueRange);
}

function finding(start: Start, word: ShellWord, shift: number, value: string, at: Finding["at"]): Finding {
  const host = LOOPBACK.exec(value)![1]!;
  const from = shift + value.indexOf(host);
  const range = partOf(word, from, from + host.length);
  const isExact = range.end - range.start === host.length;
  return {
    at,
    message: MESSAGE(`\`${start.name}\``, `\`${host}\``),
    ...(isExact
      ? { fixes: [listening(start, word, replace(range, host.includes(":") ? "[::]" : "0.0.0.0"))] }
      : { refusal: "the address is put together from parts" }),
  };
}

const MESSAGE = (program: string, host: string): string =>
  `${program} listens on ${host}, which nobody outside of the container reaches`;

function listening(start: Start, word: ShellWord, edit: { start: number; end: number; text: string }): Fix {
  return assuming(
    changing(unsafe("Listen on all addresses", edit), keywordOf(start, word)),
    "Whoever reaches the container may reach the server: what it is published to is for `docker run` to say.",
  );
}

interface Default {
  /** The subcommand that starts the server; absent: there is none. */
  readonly verb?: RegExp;
  /** Options that say it, or lead elsewhere. */
  readonly options: string;
  /** Variables that say it. */
  readonly variables: readonly string[];
  readonly insert: readonly string[];
}

/** Servers that listen on the loopback address unless told otherwise, and read no configuration file that could tell them. */
const DEFAULTS: Readonly<Record<string, Default>> = {
  // https://www.uvicorn.org/settings/
  uvicorn: { options: "--host --uds --fd", variables: ["UVICORN_HOST"], insert: ["--host", "0.0.0.0"] },
  // https://hypercorn.readthedocs.io/en/latest/how_to_guides/binds.html
  hypercorn: {
    options: "-b --bind -c --config --insecure-bind --quic-bind --fd",
    variables: [],
    insert: ["--bind", "0.0.0.0:8000"],
  },
  // https://github.com/django/daphne
  daphne: { options: "-b --bind -u --unix-socket -e --endpoint --fd", variables: [], insert: ["--bind", "0.0.0.0"] },
  // https://github.com/emmett-framework/granian
  granian: { options: "--host --uds", variables: ["GRANIAN_HOST", "GRANIAN_UDS"], insert: ["--host", "0.0.0.0"] },
  // https://flask.palletsprojects.com/en/stable/cli/
  flask: { verb: /^run$/, options: "-h --host", variables: ["FLASK_RUN_HOST"], insert: ["--host", "0.0.0.0"] },
  // https://fastapi.tiangolo.com/fastapi-cli/; `fastapi run` listens on all addresses
  fastapi: { verb: /^dev$/, options: "--host", variables: ["UVICORN_HOST"], insert: ["--host", "0.0.0.0"] },
  // https://gohugo.io/commands/hugo_server/
  hugo: { verb: /^serve(?:r)?$/, options: "--bind", variables: [], insert: ["--bind", "0.0.0.0"] },
  // https://mlflow.org/docs/latest/cli.html
  mlflow: { verb: /^(?:server|ui)$/, options: "-h --host", variables: ["MLFLOW_HOST"], insert: ["--host", "0.0.0.0"] },
  // https://github.com/tensorflow/tensorboard
  tensorboard: { options: "--host --bind_all --load_fast", variables: [], insert: ["--bind_all"] },
};

function byDefault(start: Start, stage: Stage): Finding | undefined {
  const { name = "", word, args, behindScript } = start;
  if (behindScript || !word) return undefined;
  const server = Object.hasOwn(DEFAULTS, name) ? DEFAULTS[name] : undefined;
  const environment = stage.environmentBefore();
  if (!server) {
    if (isArtisan(start) && !named(startOptions(start, []), "--host").length && !environment.has("SERVER_HOST"))
      return unset(start, args[1] ?? word, "`php artisan serve`", ["--host=0.0.0.0"]);
    return undefined;
  }
  // What a variable holds is not known, and it may hold anything.
  if (args.some(({ value, text }) => value === undefined && /^["']?[$`]/.test(text) && !/^["']?--?[\w-]+=/.test(text)))
    return isKnownOption(args) ? unsetServer(start, server, environment) : undefined;
  return unsetServer(start, server, environment);
}

/** A variable behind an option is its value: `--port $PORT`. */
function isKnownOption(args: readonly ShellWord[]): boolean {
  return args.every(
    ({ value, text }, index) =>
      value !== undefined || !/^["']?[$`]/.test(text) || /^--[\w-]+$|^-[pwk]$/.test(args[index - 1]?.value ?? ""),
  );
}

function unsetServer(start: Start, server: Default, environment: { has(name: string): boolean }): Finding | undefined {
  const { name, word, args } = start;
  const verb = server.verb ? args.find(({ value }) => server.verb!.test(value ?? "")) : word;
  if (!verb || server.variables.some((variable) => environment.has(variable))) return undefined;
  const isSaid = args.some(({ value, text }) =>
    server.options.split(" ").some((option) => {
      const plain = value ?? text.replace(/["']/g, "");
      return plain === option || plain.startsWith(`${option}=`) || (/^-\w$/.test(option) && plain.startsWith(option));
    }),
  );
  if (isSaid || args.some(({ value }) => value === "--help" || value === "--version")) return undefined;
  return unset(start, verb, `\`${server.verb ? `${name} ${verb.value}` : name}\``, server.insert);
}

function unset(start: Start, after: ShellWord, program: string, insert: readonly string[]): Finding {
  const text = insert.map((value) => (start.isExec ? `, ${JSON.stringify(value)}` : ` ${value}`)).join("");
  return {
    at: { start: Math.min(start.word!.range.start, after.range.start), end: after.range.end },
    message: `${program} listens on \`127.0.0.1\` unless it is told otherwise, which nobody outside of the container reaches`,
    fixes: [listening(start, after, insertAfter(after, text))],
  };
}

function isArtisan({ name, args }: Start): boolean {
  return name === "php" && args[0]?.value === "artisan" && args[1]?.value === "serve";
}

function isDjango({ name, word, args }: Start): boolean {
  if (name === "manage.py") return args[0]?.value === "runserver";
  return (
    /^python[\d.]*$/.test(name ?? "") &&
    word !== undefined &&
    args.some(({ value }) => /(?:^|\/)manage\.py$/.test(value ?? "")) &&
    args.some(({ value }) => value === "runserver")
  );
}

/** https://docs.djangoproject.com/en/stable/ref/django-admin/#runserver: 127.0.0.1:8000, or the port that is given there. */
function djangoAddress(start: Start): Finding | undefined {
  const { args } = start;
  const verb = args.findIndex(({ value }) => value === "runserver");
  const behind = args.slice(verb + 1);
  if (behind.some(({ value }) => value === undefined)) return undefined;
  const address = behind.find(
    ({ value }, index) =>
      !value!.startsWith("-") && !/^--(?:settings|pythonpath|verbosity)$|^-v$/.test(behind[index - 1]?.value ?? ""),
  );
  if (address && LOOPBACK.test(address.value!))
    return {
      ...finding(start, address, 0, address.value!, address.range),
      message: MESSAGE("`runserver`", `\`${LOOPBACK.exec(address.value!)![1]}\``),
    };
  if (!address) return unset({ ...start, word: args[verb] }, args[verb]!, "`runserver`", ["0.0.0.0:8000"]);
  if (!/^\d+$/.test(address.value!)) return undefined;
  const digits = partOf(address, 0, address.value!.length);
  return {
    at: address.range,
    message:
      "`runserver` listens on `127.0.0.1` unless it is told otherwise, which nobody outside of the container reaches",
    fixes: [listening(start, address, { start: digits.start, end: digits.start, text: "0.0.0.0:" })],
  };
}

const PROXIES =
  /^(?:nginx|caddy|haproxy|envoy|traefik|apache2?|apache2ctl|apachectl|apache2-foreground|httpd|varnishd|supervisord|s6-svscan|openresty|cloudflared|tailscaled?)$/;

/** Something else in the container may pass requests on to it. */
function hasProxy(stage: Stage, starts: readonly Start[]): boolean {
  if (starts.some(({ words }) => words.some(({ value }) => PROXIES.test((value ?? "").replace(/.*\//, "")))))
    return true;
  if (stage.lineage.some(({ image }) => image && PROXIES.test(image.repository.replace(/.*\//, "")))) return true;
  return stage.dockerfile.packageOperations.some(
    ({ run, action, packages }) =>
      action === "install" &&
      stage.lineage.includes(run.stage) &&
      packages.some(
        ({ name }) =>
          name !== undefined &&
          PROXIES.test(name.replace(/^supervisor$/, "supervisord").replace(/-(?:light|full|extras)$/, "")),
      ),
  );
}
