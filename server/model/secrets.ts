/** Which assignments carry a secret, told by the words of the name and by the form of the value. */
import type { Range } from "../syntax/text.ts";
import {
  AUTHENTICATION_METHODS,
  CLEARING_FIRST_WORDS,
  CLEARING_WORDS,
  COUNTED_TOKEN_WORDS,
  CREDENTIAL_PHRASES,
  DUMMY_VALUES,
  LEADING_NOUNS,
  PLACEHOLDER_WORDS,
  PUBLIC_KEY_WORDS,
  QUALIFIED_NOUNS,
  SECRET_ENDINGS,
  SECRET_FORMS,
  SECRET_NOUNS,
  SHORT_NOUNS,
  SYSTEM_WORDS,
  TRAILING_WORDS,
  UNPUBLISHED_KEY_WORDS,
} from "./data/secret-words.ts";

/**
 * - `absent`: there is no value (`ARG NAME`). `empty`: nothing, or a word for nothing.
 * - `reference`: made of variables, or the name of an entry in a secret store.
 * - `url`, `path`, `version`, `boolean`, `number` (up to six digits, with a unit): what they say.
 * - `fingerprint`: 16, 32 or 40 upper-case hexadecimal digits. `public`: a public key, a certificate, a checksum.
 * - `placeholder`: to be replaced, or a default that everybody knows; also when it is the password in a URL.
 * - `secret`: a secret by its form alone, such as an access key or a URL with a password.
 * - `literal`: none of these; the name decides.
 */
export type ValueKind =
  | "absent"
  | "empty"
  | "reference"
  | "url"
  | "path"
  | "version"
  | "boolean"
  | "number"
  | "fingerprint"
  | "public"
  | "placeholder"
  | "secret"
  | "literal";

export interface Assignment {
  readonly name: string;
  /** Without its quotes; variables as they are written. `undefined`: none. */
  readonly value: string | undefined;
  readonly kind: "env" | "arg";
}

export interface Judgement {
  /**
   * - `secret`: the value is a secret, or is taken from a variable that is one.
   * - `placeholder`: a default in place of a secret; a weakness of the image, not a leak.
   * - `possible`: an ARG for a secret that is not in the file: `--build-arg` puts it into the history.
   */
  readonly verdict: "secret" | "placeholder" | "possible" | "none";
  /** A clause for messages; shows nothing of the value. */
  readonly reason: string;
}

/** A secret in a text, by its place there. */
export interface SecretMatch extends Range {
  readonly id: string;
  /** In words, with an article: "a Google API key". */
  readonly kind: string;
  readonly placeholder: boolean;
}

/** Whether an ENV or ARG puts a secret into the image or its history, as far as the line itself shows. */
export function judgeAssignment({ name, value, kind }: Assignment): Judgement {
  const form = classifyValue(value);
  if (form === "secret") return { verdict: "secret", reason: "the value has the form of a secret" };
  if (form === "placeholder" && findUrlPasswords(value!).length > 0) {
    return { verdict: "placeholder", reason: "the password in the URL is a default" };
  }
  const word = secretName(name) ?? secretNameWith(name, value);
  if (word === undefined) return { verdict: "none", reason: "the name is not that of a secret" };
  if (form === "absent" || form === "empty") {
    return kind === "arg"
      ? { verdict: "possible", reason: "the value comes from `--build-arg`" }
      : { verdict: "none", reason: "the value is empty" };
  }
  if (form === "reference") {
    const source = referencedNames(value!).find((referenced) => secretName(referenced) !== undefined);
    if (source === undefined) return { verdict: "none", reason: "the value comes from elsewhere" };
    return { verdict: kind === "arg" ? "possible" : "secret", reason: `the value comes from \`${source}\`` };
  }
  if (clears(form, name, value!))
    return { verdict: "none", reason: CLEARING_FORMS[form] ?? "the value names a method" };
  if (form === "placeholder" || repeats(value!, name)) {
    return kind === "arg"
      ? { verdict: "possible", reason: "the value comes from `--build-arg`, the default is a dummy" }
      : { verdict: "placeholder", reason: "the value is a default that everybody can read" };
  }
  return { verdict: "secret", reason: `\`${word}\` in its name says that the value is a secret` };
}

/**
 * The word that makes it the name of a secret, in upper case; `undefined`: it is not one. The last word decides
 * (`NPM_TOKEN`, `dbPassword`, `ACCESSTOKEN`); `KEY` and its like need the right word before it: `API_KEY`, not `SORT_KEY`.
 */
export function secretName(name: string): string | undefined {
  const all = wordsOf(name);
  if (CLEARING_FIRST_WORDS.has(all[0] ?? "") || all.some((word) => CLEARING_WORDS.has(word))) return undefined;
  const words = withoutTrailing(all);
  const [before, last] = [words.at(-2), words.at(-1)];
  if (last === undefined) return undefined;
  const phrase = CREDENTIAL_PHRASES.find((each) => ` ${words.join(" ")}`.endsWith(` ${each}`));
  if (phrase !== undefined) return phrase.toUpperCase().replaceAll(" ", "_");
  if (isPublicKey(words) || (/^tokens?$/.test(last) && COUNTED_TOKEN_WORDS.has(before ?? ""))) return undefined;
  if (words.length === 2 && SYSTEM_WORDS.has(last) && LEADING_NOUNS.has(before!)) return before!.toUpperCase();
  const known =
    SECRET_NOUNS.has(last) ||
    (SHORT_NOUNS.has(last) && !(last === "pwd" && before === undefined)) ||
    (before === undefined ? last === "auth" : QUALIFIED_NOUNS.get(last)?.has(before)) ||
    SECRET_ENDINGS.some(
      (ending) => last.endsWith(ending) && !/^(?:no|non|not|nota)$/.test(last.slice(0, -ending.length)),
    );
  return known ? last.toUpperCase() : undefined;
}

/** What the form of a value says. It clears a finding that rests on the name, or convicts whatever the name is. */
export function classifyValue(value: string | undefined): ValueKind {
  if (value === undefined) return "absent";
  const text = value.trim();
  if (/^(?:|none|null|nil|undefined)$/i.test(text)) return "empty";
  const secrets = findSecretForms(text);
  if (secrets.length > 0) return secrets.every((each) => each.placeholder) ? "placeholder" : "secret";
  if (PUBLIC.test(text)) return "public";
  if (/^(?:[a-z][a-z\d+.-]{0,30}:){1,2}\/\//i.test(text)) return hasSecretParameter(text) ? "secret" : "url";
  if (/^\$\{?\w+\}?[\\/]/.test(text)) return "path";
  const reference = classifyReference(text);
  if (reference !== undefined) return reference;
  if (/^(?:arn:aws|vault|ssm|awssm|secretsmanager|keyvault):[^:]/i.test(text)) return "reference";
  if (/^(?:[01]|true|false|yes|no|on|off|y|n|t|f|enabled?|disabled?)$/i.test(text)) return "boolean";
  if (/^[+-]?\d{1,6}(?:\.\d{1,6})?\s?(?:[mu]?s|min|h|hours?|d|days?|w|[kmg]i?b?)?$/i.test(text)) return "number";
  if (VERSION.test(text)) return "version";
  if (isFingerprint(text)) return "fingerprint";
  if (isPath(text)) return "path";
  return isDummy(text) ? "placeholder" : "literal";
}

/**
 * The passwords that are written out in `scheme://user:password@host`; `$NAME` is not. A dummy is a placeholder, and so is
 * a plain word for a host that exists only on the machine or in the Compose project.
 */
export function findUrlPasswords(text: string): SecretMatch[] {
  if (!text.includes("://")) return [];
  return Array.from(text.matchAll(URL_WITH_PASSWORD)).flatMap((match) => {
    const { user = "", password = "", host = "" } = match.groups ?? {};
    if (password === "x-oauth-basic" || /\$[\w{(]|\{\{|^%\w+%$|^[{<[].*[}>\]]$/.test(password)) return [];
    const end = match.index + match[0].length - host.length - 1;
    const local = LOCAL_HOST.test(host);
    const plain = local && (/^[a-z]+\d{0,4}$/i.test(password) || isDummy(password, [user.toLowerCase()]));
    const placeholder = plain || EXAMPLE_HOST.test(host) || isDummy(password);
    return [{ id: "url-password", kind: "a password in a URL", start: end - password.length, end, placeholder }];
  });
}

/** What in the text is a secret by one of the `SECRET_FORMS`, or a password in a URL. They can overlap. */
export function findSecretForms(text: string): SecretMatch[] {
  const found: SecretMatch[] = [];
  for (const { id, kind, pattern } of SECRET_FORMS) {
    // To look is much cheaper than to read all matches, of which there are hardly ever any.
    if (text.search(pattern) === -1) continue;
    for (const match of text.matchAll(pattern)) {
      const secret = match[1] ?? match[0];
      const start = match.index + match[0].indexOf(secret);
      found.push({ id, kind, start, end: start + secret.length, placeholder: isDummy(secret) });
    }
  }
  return [...found, ...findUrlPasswords(text)];
}

/** Whether a value has to be replaced, or is one that everybody knows. `around`: words that it may repeat, in lower case. */
export function isDummy(value: string, around: readonly string[] = []): boolean {
  if (value.length > 200) return /(.)\1{15}|example/i.test(value);
  const text = value.toLowerCase();
  const plain = text.replace(/[^\p{L}\p{N}]/gu, "");
  if (plain.length <= 3 || new Set(plain).size <= 2 || /^(\d{1,3})\1+$/.test(plain)) return true;
  if ("01234567890123456789".includes(plain) || "98765432109876543210".includes(plain)) return true;
  if (BRACKETED.test(text) || TO_REPLACE.test(text)) return true;
  if (text.split(/[^\p{L}\p{N}]+/u).some((word) => PLACEHOLDER_WORDS.has(word))) return true;
  const stem = text.replace(/[\d!@#$%&*.?_-]+$/, "");
  if ([text, stem].some((each) => DUMMY_VALUES.has(each) || around.includes(each))) return true;
  return SAYS_WHAT_IT_IS.test(stem);
}

/** What a message may show of a secret: the first four characters of a long one, nothing of a short one. */
export function redact(value: string): string {
  return value.length < 20 ? "***" : `${value.slice(0, 4).replace(/[^!-~]/g, "*")}***`;
}

/**
 * Whether BuildKit's check `SecretsUsedInArgOrEnv` reports the name (frontend/dockerfile/dockerfile2llb/validations.go since
 * dockerfile 1.23): one of its words between underscores, and none of those that it allows. The value does not matter to it.
 */
export function isBuildKitSecretName(name: string): boolean {
  const words = name.toLowerCase().split("_");
  if (["public", "file", "version"].some((word) => words.includes(word))) return false;
  return words.some((word) => BUILDKIT_WORDS.includes(word));
}

const CLEARING_FORMS: { readonly [form in ValueKind]?: string } = {
  url: "the value is a URL without a password",
  path: "the value is a path",
  version: "the value is a version",
  boolean: "the value is a switch",
  number: "the value is a number",
  fingerprint: "the value is the fingerprint of a key",
  public: "the value is public",
};

const BUILDKIT_WORDS = "apikey auth credential credentials key password pword passwd secret token".split(" ");

const URL_WITH_PASSWORD =
  /\b[a-z][a-z\d+.-]{0,30}:\/\/(?<user>[^\s/?#@:"'`<>\\|]{0,256}):(?<password>[^\s/?#"'`\\]{1,256})@(?<host>(?!sha\d+:)(?:\[[\da-f:.]+\]|[^\s/?#@:"'`\\,]+))/gi;

const EXAMPLE_HOST = /(?:^|\.)(?:example(?:\.[a-z]+)?|test|invalid)$/i;

/** A name without a dot is one of Compose's services, or `localhost`. */
const LOCAL_HOST = /^(?:[\w-]+|127(?:\.\d+){3}|0\.0\.0\.0|\[::1\]|.*\.(?:local|localhost|internal))$/i;

const BRACKETED = /^(?:<.*>|\{\{.*\}\}|\[.*\]|%.*%|__.*__|@.*@|\*.*\*)$/;

const TO_REPLACE =
  /x{4}|\*{3}|\.{3}|…|#{3}|example|dummy|placeholder|redacted|insecure|here$|(?:change|edit|fill|replace|set)[_-]?(?:in|it|me|the|this)|not[_-]?(?:a[_-]?secret|needed|secure|set)/;

/** `mypassword`, `secrettoken`, `changethepassword`: words that nobody draws at random. */
const SAYS_WHAT_IT_IS =
  /^(?:(?:change|enter|insert|my|put|replace|set|some|super|test|the|very|your)[a-z]*|[a-z_-]*(?:secret|password|passwd|passw0rd|pass|pwd|token|key))$/;

const PUBLIC =
  /^(?:ssh-(?:rsa|dss|ed25519)\s|ecdsa-sha2-|-----BEGIN (?:CERTIFICATE|[A-Z ]*PUBLIC KEY)|(?:sha\d+|md5)[:-][\da-f]|pk_(?:live|test)_)/i;

const VERSION = /^(?:v?\d+(?:\.\d+)+(?:[-_+.~][\w.+~-]{1,20}|(?:a|b|rc)\d+)?|v\d+|\d{4}-\d\d-\d\d)$/i;

const FILE_EXTENSIONS =
  /\.(?:asc|cer|cfg|conf|config|crt|db|env|gpg|html|ini|jks|js|json|key|keystore|kdbx|log|lock|p12|p8|pem|pfx|php|properties|pub|py|rb|secret|sh|sock|sqlite|toml|token|ts|txt|xml|ya?ml)$/i;

const VARIABLE = /\$(?:([a-z_]\w*)|\{([a-z_]\w*)(?:(:?[-+?]|[#%/]{1,2})([^{}]*))?\})/gi;

/** Names that are a secret's only with a value of this form. */
function secretNameWith(name: string, value: string | undefined): string | undefined {
  const words = withoutTrailing(wordsOf(name));
  const last = words.at(-1) ?? "";
  if (last === "auth" && /^[^\s:/]+:[^\s:/]+$/.test(value ?? "")) return "AUTH";
  if (!/^(?:key|pk)$/.test(last) || isPublicKey(words) || words.some((word) => CLEARING_WORDS.has(word)))
    return undefined;
  return value !== undefined && isRandom(value) ? last.toUpperCase() : undefined;
}

/** Whether it only repeats the name, a word of it, or the user before the colon. */
function repeats(value: string, name: string): boolean {
  const [, user = "", password = value] = /^([^\s:/]+):([^\s:/]+)$/.exec(value) ?? [];
  return isDummy(password, [name.toLowerCase(), ...wordsOf(name), user.toLowerCase()].filter(Boolean));
}

function clears(form: ValueKind, name: string, value: string): boolean {
  const words = withoutTrailing(wordsOf(name));
  const [before = "", last = ""] = [words.at(-2), words.at(-1)];
  if (last === "auth") {
    if (AUTHENTICATION_METHODS.has(value.toLowerCase()) || value.startsWith("--")) return true;
    if (/^\w+\/[^/]+$/.test(value)) return false;
  }
  if (form === "number") return !/pass|ps?w|secret/.test(last);
  if (form === "fingerprint") return /keys?$/.test(last) && !UNPUBLISHED_KEY_WORDS.has(before);
  return form in CLEARING_FORMS;
}

/** A key, told by its letters and digits; 16 and 40 hexadecimal digits can be the fingerprint of a public one. */
function isRandom(value: string): boolean {
  if (/^0x[\da-f]{64}$/i.test(value)) return true;
  return /^(?=.*\d)(?=.*[a-z])[\w+/=-]{20,}$/.test(value) && !/^(?:0x)?[\da-f]{40}$/.test(value);
}

function isPublicKey(words: readonly string[]): boolean {
  return (
    /^keys?$/.test(words.at(-1) ?? "") && words.some((word) => PUBLIC_KEY_WORDS.has(word)) && !words.includes("private")
  );
}

/** At underscores, dashes, dots and humps, in lower case. */
function wordsOf(name: string): string[] {
  const parted = name.replace(/([a-z]\d*)(?=[A-Z])/g, "$1_").replace(/([A-Z])(?=[A-Z][a-z])/g, "$1_");
  return parted
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

/** Without what only says which one it is: `_BASE64`, `_TEST`, a number. */
function withoutTrailing(words: readonly string[]): string[] {
  const kept = [...words];
  while (kept.length > 1 && (TRAILING_WORDS.has(kept.at(-1)!) || /^\d+$/.test(kept.at(-1)!))) kept.pop();
  const last = kept.pop();
  if (last !== undefined) kept.push(/\D/.test(last) ? last.replace(/\d+$/, "") : last);
  return kept;
}

function referencedNames(text: string): string[] {
  return Array.from(text.matchAll(VARIABLE), (match) => match[1] ?? match[2] ?? "");
}

/** `undefined`: there is no variable, or there is much else beside it. */
function classifyReference(text: string): ValueKind | undefined {
  if (/^(?:\$\(.*\)|`.*`|\$\{\{.*\}\})$/s.test(text)) return "reference";
  const variables = Array.from(text.matchAll(VARIABLE));
  const only = variables[0];
  if (only === undefined) return undefined;
  if (only[0] === text && /^:?-$/.test(only[3] ?? "")) {
    const fallback = classifyValue(only[4]);
    return ["secret", "literal", "placeholder"].includes(fallback) ? fallback : "reference";
  }
  return text.replace(VARIABLE, "").replace(/\W/g, "").length < 8 ? "reference" : undefined;
}

/** `?token=...` with a literal: the name decides as it does for ENV. */
function hasSecretParameter(url: string): boolean {
  return Array.from(url.matchAll(/[?&;]([\w.-]{1,64})=([^&;#\s]{1,2000})/g)).some(
    ([, name = "", value]) => secretName(name) !== undefined && classifyValue(value) === "literal",
  );
}

/** As keys are listed for `gpg --recv-keys`: short or long, with `0x` or blanks. */
function isFingerprint(text: string): boolean {
  const isHex = (part: string) => /^(?:[\dA-F]{16}|[\dA-F]{32}|[\dA-F]{40})$/.test(part);
  return isHex(text.replace(/\s+/g, "")) || text.split(/[\s,]+/).every((part) => isHex(part.replace(/^0x/, "")));
}

function isPath(text: string): boolean {
  if (/[\s"'`=]/.test(text)) return false;
  if (/^(?:[<@]|file:)?(?:~|\.{1,2}|[a-z]:)?[\\/]/i.test(text)) {
    // Base64 can begin with a slash.
    const isRandom = text.length > 24 && /[A-Z]/.test(text) && /[a-z]/.test(text) && /\d/.test(text);
    return !text.includes("+") && !(isRandom && text.split(/[\\/]/).length <= 3 && !text.includes("."));
  }
  return /^\.[a-z][\w.-]*$/i.test(text) || /^[a-z_.-]+(?:\/[a-z\d_.-]+)+\/?$/.test(text) || FILE_EXTENSIONS.test(text);
}
