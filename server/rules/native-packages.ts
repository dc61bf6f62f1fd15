/** The packages of Python, Node.js and Ruby that an application names, and what they need of the system at run time. */
import { baseName, type Command } from "../model/command.ts";
import type { Dockerfile } from "../model/dockerfile.ts";
import { includedRequirements, requirementsFiles } from "../model/requirements.ts";
import type { Stage } from "../model/stage.ts";

export type Language = "python" | "node" | "ruby";

/** The libraries and programs that the packages of the manifests need. */
export function libraryNeeds(stage: Stage): readonly string[] | string {
  const found = new Set<string>();
  const { dockerfile } = stage;
  const installed = dockerfile.packageOperations;
  for (const [kind, names] of manifestNames(stage)) {
    for (const name of names) {
      const needs = NEEDS[kind][name];
      if (needs === null) return `\`${name}\` needs libraries of the full image, by names that depend on its release`;
      // Rails processes images by vips where it is there.
      if (name === "image_processing" && /\blibvips/.test(dockerfile.text)) continue;
      for (const one of needs ?? []) found.add(one);
    }
  }
  const isPython = stage.image?.repository === "python";
  const psycopg = /^\s*"?psycopg(?!2)(?:\[(?!binary)[^\]]*\])?\s*(?:[=<>~!;"].*)?$/m;
  const texts = Object.values(dockerfile.context.files ?? {});
  if (isPython && texts.some((text) => text !== null && psycopg.test(text))) found.add("libpq5");
  // `--no-binary`: they are built against the full image's libraries.
  if (
    installed.some(
      ({ manager, command }) => manager === "pip" && command.args.some(({ text }) => text.startsWith("--no-binary")),
    )
  )
    return "`--no-binary` builds packages with libraries of the full image";
  return [...found];
}

/** A manifest that something is installed by, of which it is not known what it says. */
export function unknownManifest({ dockerfile }: Stage): string | undefined {
  const files = dockerfile.context.files ?? {};
  const isKnown = (path: string): boolean => typeof files[path] === "string";
  const names = new Set(Object.keys(files).filter(isKnown).map(baseName));
  const isProject = names.has("pyproject.toml") || names.has("Pipfile");
  const named = requirementsFiles(dockerfile).find(
    ({ name, paths }) =>
      !paths.some(isKnown) &&
      (paths.length > 0 || !names.has(baseName(name))) &&
      !(isProject && isExported(dockerfile, name)),
  );
  if (named) return named.name;
  const included = requirementsPaths(dockerfile).find((path) => !isKnown(path));
  if (included !== undefined) return included;
  const wanted = dockerfile.stages.flatMap(({ runs }) => runs).flatMap((run) => run.commands.flatMap(manifestsOf));
  return wanted.find((name) => !names.has(name));
}

/** A command of the build writes it from the project's manifest: `poetry export -o requirements.txt`. */
function isExported({ commands }: Dockerfile, name: string): boolean {
  return (
    /(?:^|\/)requirements[\w.-]*\.txt$/.test(name) &&
    commands.some(
      ({ command: { program = "", args } }) =>
        /^(?:uv|poetry|pdm|pipenv)$/.test(program) && /^(?:export|requirements|lock)$/.test(args[0]?.value ?? ""),
    )
  );
}

/** By their name, requirements; whatever their name, what the commands install from and what that includes. */
function requirementsPaths(dockerfile: Dockerfile): readonly string[] {
  const files = dockerfile.context.files ?? {};
  const paths = new Set([
    ...Object.keys(files).filter((path) => files[path] !== null && REQUIREMENTS.test(baseName(path))),
    ...requirementsFiles(dockerfile).flatMap((file) => file.paths.find((path) => files[path]) ?? []),
  ]);
  // What is added on the way is looked into as well.
  for (const path of paths) for (const one of includedRequirements(path, files[path] ?? "")) paths.add(one);
  return [...paths];
}

const REQUIREMENTS = /requirements.*\.txt$|\.in$/;

/** The manifests that an install reads, requirements files aside. */
function manifestsOf({ program = "", args }: Command): readonly string[] {
  const values = args.map(({ value }) => value);
  const verb = values.find((value) => value !== undefined && !value.startsWith("-")) ?? "";
  if (/^(?:uv|poetry|pdm)$/.test(program)) return /^(?:sync|install)$/.test(verb) ? ["pyproject.toml"] : [];
  if (program === "pipenv") return /^(?:sync|install)$/.test(verb) ? ["Pipfile"] : [];
  if (/^(?:npm|pnpm|yarn)$/.test(program)) {
    const isInstall = /^(?:ci|install|i|clean-install)$/.test(verb) || (program === "yarn" && verb === "");
    const names = values.filter((value) => value !== undefined && !value.startsWith("-"));
    return isInstall && names.length <= 1 && !values.some((value) => /^-g$|^--global$/.test(value ?? ""))
      ? ["package.json"]
      : [];
  }
  return program === "bundle" && verb === "install" ? ["Gemfile"] : [];
}

/** No package of these has to be compiled when it is installed, as far as the manifests tell. */
export function areReady(stage: Stage, language: Language): boolean {
  const names = [...(manifestNames(stage).get(language) ?? [])];
  if (language === "ruby") return false;
  if (language === "python") return names.every((name) => WHEELS.has(name) || INSTALLERS.test(name));
  const manifests = Object.entries(stage.dockerfile.context.files ?? {}).filter(
    ([path]) => baseName(path) === "package.json",
  );
  const isForeign = manifests.some(
    ([, text]) =>
      text &&
      /:\s*"(?:git|github|gitlab|bitbucket|file|link|\w[\w-]*\/[\w.-]+"|https?:)/.test(
        JSON.stringify(dependenciesOf(text)),
      ),
  );
  return !isForeign && !names.some((name) => COMPILED.has(name));
}

const INSTALLERS = /^(?:pip|setuptools|wheel|uv|poetry|pipenv|pdm|python)$/;

/** Packages of Python that are written in Python alone, or are published as wheels for Linux: https://pypi.org, 2026-11. */
const WHEELS = new Set(
  "aiofiles aiohttp alembic anyio asgiref asyncpg attrs bcrypt beautifulsoup4 black blinker boto3 botocore celery certifi channels charset-normalizer click croniter cryptography daphne dash django django-cors-headers django-environ django-filter django-redis djangorestframework dnspython email-validator fastapi feedparser flask flask-cors flask-login flask-migrate flask-sqlalchemy flask-wtf gevent google-cloud-storage granian greenlet grpcio gunicorn h11 httptools httpx hypercorn idna isort itsdangerous jinja2 jsonschema kombu lxml mako markdown markdown-it-py markupsafe marshmallow matplotlib motor msgpack mypy numpy openai openpyxl orjson packaging pandas passlib paramiko peewee pillow plotly prometheus-client protobuf psutil psycopg-binary psycopg2-binary pyarrow pycryptodome pydantic pydantic-core pydantic-settings pyjwt pymongo pymysql pytest python-dateutil python-dotenv python-jose python-multipart pytz pyyaml redis requests rich ruff scikit-learn scipy sentry-sdk simplejson six sqlalchemy sqlmodel starlette streamlit tenacity tornado tqdm typer typing-extensions tzdata urllib3 uvicorn uvloop waitress watchfiles websockets werkzeug whitenoise wtforms xmltodict yarl".split(
    " ",
  ),
);

/** Packages of Node.js that are compiled when they are installed, without a binary to download. */
const COMPILED = new Set(
  "deasync heapdump iconv kerberos libpq microtime node-expat node-gyp node-pty node-rdkafka nodegit odbc pg-native pty.js unix-dgram".split(
    " ",
  ),
);

/** The packages that the manifests and commands name, lower-case. */
export function manifestNames(stage: Stage): ReadonlyMap<Language, ReadonlySet<string>> {
  const { dockerfile } = stage;
  const python = new Set<string>();
  for (const path of requirementsPaths(dockerfile))
    for (const [, name] of (dockerfile.context.files?.[path] ?? "").matchAll(/^[ \t]*([A-Za-z0-9][\w.-]*)/gm))
      python.add(name!.toLowerCase().replaceAll("_", "-"));
  const node = new Set<string>();
  const ruby = new Set<string>();
  for (const [path, text] of Object.entries(dockerfile.context.files ?? {})) {
    if (!text) continue;
    const file = baseName(path);
    if (file === "pyproject.toml" || file === "Pipfile")
      for (const [, one, other] of text.matchAll(
        /["']([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?\s*(?:[=<>~!;@][^"']*)?["']|^"?([\w.-]+)"?\s*=/gm,
      ))
        python.add((one ?? other ?? "").toLowerCase().replaceAll("_", "-"));
    if (file === "package.json") for (const name of Object.keys(dependenciesOf(text))) node.add(name);
    if (file === "Gemfile")
      for (const [, name] of text.matchAll(/^\s*gem\s*\(?\s*["']([\w.-]+)["']/gm)) ruby.add(name!);
  }
  for (const { run, manager, action, packages } of dockerfile.packageOperations) {
    if (action !== "install" || run.onbuild) continue;
    const target =
      manager === "pip" || manager === "uv" ? python : manager === "npm" ? node : manager === "gem" ? ruby : undefined;
    for (const { name } of packages) if (name !== undefined) target?.add(name.toLowerCase().replace(/\[.*/, ""));
  }
  return new Map<Language, ReadonlySet<string>>([
    ["python", python],
    ["node", node],
    ["ruby", ruby],
  ]);
}

/** What `package.json` depends on at run time. */
export function dependenciesOf(manifest: string): Readonly<Record<string, unknown>> {
  try {
    const { dependencies, optionalDependencies } = JSON.parse(manifest) as Record<string, unknown>;
    return { ...(dependencies as object | undefined), ...(optionalDependencies as object | undefined) };
  } catch {
    return {};
  }
}

/** What a package of the application loads or starts at run time, and the full image has; `null`: by names that depend on the release. */
const NEEDS: Readonly<Record<Language, Readonly<Record<string, readonly string[] | null>>>> = {
  // https://www.psycopg.org/docs/install.html, https://github.com/PyMySQL/mysqlclient, https://github.com/ahupp/python-magic,
  // https://doc.courtbouillon.org/weasyprint/stable/first_steps.html, https://lightgbm.readthedocs.io, https://gitpython.readthedocs.io
  python: {
    ansible: ["openssh-client"],
    cairocffi: ["libcairo2"],
    cairosvg: ["libcairo2"],
    dlib: null,
    gdal: null,
    gitpython: ["git"],
    lightgbm: ["libgomp1"],
    mysqlclient: ["libmariadb3"],
    "opencv-contrib-python": ["libgl1", "libglib2.0-0"],
    "opencv-python": ["libgl1", "libglib2.0-0"],
    psycopg2: ["libpq5"],
    pycairo: ["libcairo2"],
    pygit2: [],
    pygobject: null,
    pygraphviz: null,
    pyqt5: null,
    pyqt6: null,
    "python-ldap": null,
    "python-magic": ["libmagic1"],
    uwsgi: ["libxml2"],
    wand: null,
    weasyprint: ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"],
  },
  // https://www.prisma.io/docs/orm/reference/system-requirements, https://github.com/brianc/node-libpq
  node: {
    "@prisma/client": ["openssl"],
    gm: ["imagemagick"],
    imagemagick: ["imagemagick"],
    kerberos: ["libgssapi-krb5-2"],
    libpq: ["libpq5"],
    "node-rdkafka": null,
    nodegit: null,
    odbc: null,
    "pg-native": ["libpq5"],
    prisma: ["openssl"],
    "simple-git": ["git"],
  },
  // https://github.com/ged/ruby-pg, https://github.com/brianmario/mysql2, https://github.com/minimagick/minimagick
  ruby: {
    charlock_holmes: null,
    curb: ["libcurl4"],
    git: ["git"],
    image_processing: ["imagemagick"],
    mini_magick: ["imagemagick"],
    mysql2: ["libmariadb3"],
    pg: ["libpq5"],
    rmagick: null,
    sqlite3: ["libsqlite3-0"],
    typhoeus: ["libcurl4"],
  },
};
