/**
 * What programs of Python write in their project when a container runs them, by their settings:
 * https://docs.djangoproject.com/en/5.2/ref/settings/#databases, https://docs.sqlalchemy.org/en/20/dialects/sqlite.html#connect-strings.
 */
import { normalise, type Stage } from "../model/stage.ts";
import { type ImageFiles, imageFiles, startDirectory } from "./image-files.ts";

export interface PythonWrites {
  /** Directories that are the program's with all that is in them. */
  readonly folders: readonly string[];
  /** Directories in which SQLite makes files beside its database, and the databases that come with the image. */
  readonly databases: readonly string[];
  /** Why what it writes is not known, or cannot be its own. */
  readonly obstacle: string | undefined;
}

const NOTHING: PythonWrites = { folders: [], databases: [], obstacle: undefined };

export function pythonWrites(stage: Stage): PythonWrites {
  const settings = Object.entries(stage.dockerfile.context.files ?? {}).filter(
    ([path, text]) => path.endsWith(".py") && text && SETTING.test(text),
  );
  const image = settings.length === 0 ? undefined : imageFiles(stage);
  if (settings.length === 0) return NOTHING;
  const folders = new Set<string>();
  const databases = new Set<string>();
  for (const [path, text] of settings) {
    const { found, media } = placesIn(stage, image, path, text!);
    if (found === undefined)
      return { ...NOTHING, obstacle: `\`${path}\` keeps a database in a file, and in which directory is not known` };
    for (const place of found.map(normalise)) {
      const folder = place.slice(0, place.lastIndexOf("/"));
      if (folder === "") return { ...NOTHING, obstacle: `\`${path}\` keeps a database in \`/\`, which stays root's` };
      databases.add(folder);
      if (image?.files.has(place)) databases.add(place);
    }
    for (const one of media) folders.add(one);
  }
  return { folders: [...folders], databases: [...databases], obstacle: undefined };
}

const SETTING = /\bsqlite|\bMEDIA_ROOT\b/;
const BASE = "(?:\\w*(?:BASE_?DIR|basedir|ROOT_DIR|PROJECT_ROOT|here)\\w*)";

interface Places {
  /** Files of databases; `undefined`: there is one of which it is not known where. */
  readonly found: readonly string[] | undefined;
  /** Folders for what is uploaded. */
  readonly media: readonly string[];
}

function placesIn(stage: Stage, image: ImageFiles | undefined, path: string, text: string): Places {
  const base = baseFolder(stage, image, path);
  const media = [...text.matchAll(new RegExp(`\\bMEDIA_ROOT\\s*=\\s*${joined("([\\w./-]+)")}`, "g"))].flatMap(
    ([, one, other]) => (base ? [`${base}/${one ?? other}`] : []),
  );
  const isDjango = /django\.db\.backends\.sqlite3/.test(text);
  const names = [
    ...(isDjango ? text.matchAll(new RegExp(`["']NAME["']\\s*:\\s*(?:str\\()?${joined("([\\w./-]+)")}`, "g")) : []),
    ...text.matchAll(new RegExp(`sqlite(?:\\+\\w+)?:///["']\\s*\\+\\s*${joined("([\\w./-]+)")}`, "g")),
  ].map(([, one, other]) => base && `${base}/${one ?? other}`);
  const directory = startDirectory(stage);
  const relative = [...text.matchAll(/sqlite(?:\+\w+)?:\/\/\/(?:\.\/)?([A-Za-z_][\w./-]*)/g)].map(
    ([, name]) => directory && `${directory === "/" ? "" : directory}/${name}`,
  );
  const all = [...names, ...relative];
  const isElsewhere = /sqlite(?:\+\w+)?:\/\/(?:\/\/|["']?$|\/:memory:)|:memory:/m.test(text);
  const isUsed = isDjango || /sqlite(?:\+\w+)?:\/\/\//.test(text);
  if (all.includes(undefined) || (isUsed && all.length === 0 && !isElsewhere)) return { found: undefined, media };
  return { found: all as string[], media };
}

/** `BASE_DIR / "x"` or `os.path.join(BASE_DIR, "x")`. */
function joined(name: string): string {
  return `(?:${BASE}\\s*/\\s*["']${name}["']|(?:os\\.)?(?:path\\.)?join\\(\\s*${BASE}\\s*,\\s*["']${name}["'])`;
}

/** What the settings take for the project: the folder of `manage.py`, else their own; in the image. */
function baseFolder(stage: Stage, image: ImageFiles | undefined, path: string): string | undefined {
  const parts = path.split("/").slice(0, -1);
  const tree = stage.dockerfile.context.tree ?? [];
  const depth = parts.findLastIndex((_, index) => tree.includes([...parts.slice(0, index), "manage.py"].join("/")));
  const isDjango = tree.includes([...parts.slice(0, Math.max(depth, 0)), "manage.py"].join("/"));
  const sign = isDjango ? [...parts.slice(0, Math.max(depth, 0)), "manage.py"].join("/") : path;
  const place = image && [...image.files].find(([, original]) => original === sign)?.[0];
  if (place !== undefined) return place.slice(0, place.lastIndexOf("/"));
  // The whole context is where the container starts, as far as it is known.
  const folder = sign.includes("/") ? undefined : startDirectory(stage);
  return image ? undefined : folder;
}
