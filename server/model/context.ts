/** What is known of the world around a Dockerfile. Handed in; nothing below this folder reads files or waits. */
import type { Range } from "../syntax/text.ts";

/** A value in the text that is a secret by its form, as found by `server/context/secrets.ts`. */
export interface SecretValue extends Range {
  /** In words: "a GitHub token". */
  readonly kind: string;
  /** A dummy or a local default rather than a leak. */
  readonly placeholder?: boolean;
}

/** What ShellCheck says of a script, in indexes of what it has read (`Script.input` in `server/model/script.ts`). */
export interface ScriptComment extends Range {
  /** `SC2086` */
  readonly code: string;
  readonly level: "error" | "warning" | "info" | "style";
  readonly message: string;
  /** Its repair; none: it has none. They do not overlap. */
  readonly edits: readonly (Range & { readonly text: string })[];
}

/** What a team demands of its images, by its configuration. */
export interface Policy {
  /** Where images may come from; absent or empty: anywhere. `*` stands for anything. */
  readonly trustedRegistries?: readonly string[];
  /** What an image must say of itself, and in what form. */
  readonly labels?: Readonly<Record<string, LabelType>>;
  /** It may say nothing else. */
  readonly strictLabels?: boolean;
}

export const LABEL_TYPES = ["text", "url", "semver", "hash", "rfc3339", "spdx", "email"] as const;
export type LabelType = (typeof LABEL_TYPES)[number];

/** A configuration file as it was found. */
export interface ConfigurationFile {
  readonly kind: "plimsoll" | "hadolint";
  /** For messages. */
  readonly path: string;
  /** `undefined`: it cannot be read, is too long or no UTF-8. */
  readonly text: string | undefined;
}

export interface Context {
  /** The path of the Dockerfile, with `/`, for messages and names; absent for unsaved text. */
  readonly path?: string;
  /**
   * Files of the build context that the rules ask for, by path relative to it: `.dockerignore`, `package.json`, ...
   * A text; of a lock file, which can be huge, only that it is there, as `""`; `null`: there is no such file. A path that is
   * missing here: not known.
   */
  readonly files?: Readonly<Record<string, string | null>>;
  /**
   * Every file of the build context, by path, but for folders of tools and dependencies; what
   * `.dockerignore` leaves out is among them. Absent: not known, or too many.
   */
  readonly tree?: readonly string[];
  /** Set: `.dockerignore` among the files stands for this one, which belongs to the Dockerfile alone. */
  readonly ignoreFile?: string;
  /** Absent: not looked for. */
  readonly secrets?: readonly SecretValue[];
  /** What ShellCheck says, by script (`keyOf` in `server/model/script.ts`). Absent: not asked. */
  readonly scriptComments?: ReadonlyMap<string, readonly ScriptComment[]>;
  /** Absent: nothing is demanded. */
  readonly policy?: Policy;
  /** The date, as `2026-01-31`; absent: not known, and nothing expires. */
  readonly today?: string;
  /** Set by the user; absent: found out. */
  readonly role?: "application" | "base image";
}

/** The context once files have been written. */
export function addFiles(
  context: Context,
  files: readonly { readonly path: string; readonly text: string }[],
): Context {
  if (files.length === 0) return context;
  const written = Object.fromEntries(files.map(({ path, text }) => [path, text]));
  return { ...context, files: { ...context.files, ...written } };
}

/** The context for a text that an edit has made of `text`: secret values are found again by what they are. */
export function carryContext(context: Context, text: string, edited: string): Context {
  if (!context.secrets?.length || text === edited) return context;
  const secrets = new Map<number, SecretValue>();
  for (const secret of context.secrets) {
    const value = text.slice(secret.start, secret.end);
    // A password can be a word that stands in many places: then it is one between what it stood between.
    const isWord = placesOf(value, text).some((start) => !context.secrets!.some((other) => contains(other, start)));
    for (const start of placesOf(value, edited)) {
      const end = start + value.length;
      if (secrets.has(start) || (isWord && around(edited, start, end) !== around(text, secret.start, secret.end)))
        continue;
      secrets.set(start, { ...secret, start, end });
    }
  }
  return { ...context, secrets: [...secrets.values()] };
}

function placesOf(value: string, text: string): readonly number[] {
  const starts: number[] = [];
  if (value === "") return starts;
  for (let start = text.indexOf(value); start !== -1; start = text.indexOf(value, start + value.length))
    starts.push(start);
  return starts;
}

function contains({ start, end }: Range, offset: number): boolean {
  return start <= offset && offset < end;
}

/** The characters on both sides. */
function around(text: string, start: number, end: number): string {
  return `${text[start - 1]}${text[end]}`;
}
