/** When uv takes no Python of the image's and downloads one: https://docs.astral.sh/uv/concepts/python-versions/ */
import { originsOf, pathInImage } from "../model/copied-files.ts";
import type { Run } from "../model/run.ts";
import type { Stage } from "../model/stage.ts";
import { plainPython } from "./slim-image.ts";

/** What makes uv put a Python into root's home directory, as the begin of a sentence; `undefined`: nothing that is known. */
export function downloadedPython(stage: Stage): string | undefined {
  for (const own of stage.lineage) {
    for (const run of own.runs) {
      if (run.onbuild || own.userBefore(run.instruction)?.isRoot !== true) continue;
      const reason = reasonIn(stage, own, run);
      if (reason) return `${reason}, which uv downloads into \`/root\``;
    }
  }
  return undefined;
}

function reasonIn(stage: Stage, own: Stage, run: Run): string | undefined {
  const environment = own.environmentBefore(run.instruction);
  if (environment.has("UV_PYTHON_INSTALL_DIR")) return undefined;
  const used = run.commands.find(
    ({ program, args }) => program === "uv" && /^(?:sync|venv|run|python)$/.test(args[0]?.value ?? ""),
  );
  if (!used) return undefined;
  const values = used.args.map(({ value }) => value ?? "");
  if (values[0] === "python") return values[1] === "install" ? "`uv python install` asks for a Python" : undefined;
  if (/^(?:0|false|never|manual)$/i.test(environment.get("UV_PYTHON_DOWNLOADS") ?? "")) return undefined;
  if (lacksPython(stage)) return "the image has no Python";
  const version = versionOf(stage);
  if (
    version === undefined ||
    values.some((value) => /^(?:-p|--python)(?:=|$)/.test(value)) ||
    environment.has("UV_PYTHON")
  )
    return undefined;
  const wanted = wantedVersion(own, run);
  if (wanted !== undefined && wanted !== version) return `\`.python-version\` wants ${wanted}`;
  const range = /^\s*requires-python\s*=\s*["']([^"']*)["']/m.exec(
    own.dockerfile.context.files?.["pyproject.toml"] ?? "",
  )?.[1];
  return range !== undefined && !admits(range, version) ? `the project wants Python ${range}` : undefined;
}

/** A bare system, or an image of uv's without a Python, into which none is installed or copied. */
function lacksPython(stage: Stage): boolean {
  const root = stage.lineage[0]!;
  const isUv =
    root.image?.repository === "astral-sh/uv" &&
    plainPython(root.image) === undefined &&
    !/python/.test(root.image.tag ?? "");
  if (root.base.role !== "system" && !isUv) return false;
  const isInstalled = stage.dockerfile.packageOperations.some(
    ({ run, action, packages }) =>
      action === "install" &&
      stage.lineage.includes(run.stage) &&
      packages.some(({ name }) => name === undefined || /^python3?(?:[.-]|$)|^(?:conda|pyenv)/.test(name)),
  );
  const isCopied = stage
    .effective()
    .some(
      (copy) => copy.flag("from") && !copy.arguments.slice(0, -1).every(({ value }) => /(?:^|\/)uvx?$/.test(value)),
    );
  const isMade = stage.lineage.some(({ runs }) =>
    runs.some(({ commands }) =>
      commands.some(({ program }) => /^(?:make|pyenv|conda|mamba|bash|sh)$/.test(program ?? "")),
    ),
  );
  return !isInstalled && !isCopied && !isMade;
}

/** The Python of the official image, or of one of uv's. */
function versionOf(stage: Stage): string | undefined {
  const { image } = stage.lineage[0]!;
  if (!image) return undefined;
  if (plainPython(image) !== undefined) return /python(3\.\d+)/.exec(image.tag ?? "")?.[1];
  return image.repository === "python" && image.registry === "docker.io"
    ? /^3\.\d+/.exec(image.tag ?? "")?.[0]
    : undefined;
}

/** What `.python-version` says, where it is copied. */
function wantedVersion(stage: Stage, run: Run): string | undefined {
  const path = pathInImage(stage, ".python-version", run.instruction);
  const text =
    path === undefined
      ? undefined
      : originsOf(stage, path, run).includes(".python-version") && stage.dockerfile.context.files?.[".python-version"];
  return /^\s*(?:cpython-?)?(3\.\d+)/.exec(text || "")?.[1];
}

/** What is not understood admits all. */
function admits(range: string, version: string): boolean {
  const minor = Number(version.split(".")[1]);
  return range.split(",").every((part) => {
    const [, operator, digits] = /^\s*(>=|>|<|<=|~=|==)\s*3\.(\d+)(?:\.[\d*]+)?\s*$/.exec(part) ?? [];
    const bound = Number(digits);
    if (operator === ">=" || operator === "~=") return minor >= bound;
    if (operator === "<") return /3\.\d+\.[1-9]/.test(part) ? minor <= bound : minor < bound;
    if (operator === "<=") return minor <= bound;
    return operator === "==" ? minor === bound : true;
  });
}
