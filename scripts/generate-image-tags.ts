/**
 * Writes which tags Docker's official images have, from a copy of github.com/docker-library/official-images:
 * `tsx scripts/generate-image-tags.ts <its git directory>`. Only what is supported is in it, and of that only tags that name a
 * version, no patch and no system but Linux.
 */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";

const directory = process.argv[2];
if (!directory) {
  console.error("Usage: tsx scripts/generate-image-tags.ts <git directory of docker-library/official-images>");
  process.exit(2);
}

const [commit, date] = git("log", "-1", "--format=%H %cs").trim().split(" ");
const latest: Record<string, string> = {};
const tags: Record<string, string> = {};

/** `3.13`, `3.13-slim-bookworm`, and the names of Debian and Ubuntu. */
const VERSIONED = /^(?:\d+(?:\.\d+)?(?:-[a-z][\w.-]*)?|(?:bookworm|trixie|jammy|noble|resolute)(?:-slim)?)$/;

/** Those whose variants are listed: languages and systems. Of the others, only what `latest` is. */
const LISTED = new Set(
  "alpine debian eclipse-temurin fedora golang gradle httpd maven mongo mysql nginx node perl php postgres python redis ruby rust ubuntu".split(
    " ",
  ),
);
/** Images whose releases are told by two numbers, though there is a tag with one. */
const TWO_NUMBERS = new Set(
  "alpine golang httpd maven nginx php python ruby rust ubuntu memcached tomcat traefik".split(" "),
);

for (const file of git("ls-tree", "--name-only", "HEAD", "library/").trim().split("\n")) {
  const name = file.slice("library/".length);
  const entries = git("show", `HEAD:${file}`)
    .split(/\n\s*\n/)
    .map((entry) => tagsOf(entry));
  const current = entries.find((entry) => entry.includes("latest"));
  const versions = current?.filter((tag) => /^v?\d+(?:\.\d+)?$/.test(tag)) ?? [];
  const wanted = TWO_NUMBERS.has(name) ? /\./ : /^v?\d+$/;
  const version = versions.find((tag) => wanted.test(tag)) ?? versions.find((tag) => tag.includes("."));
  if (version) latest[name] = version;
  if (LISTED.has(name)) {
    const listed = entries
      .flat()
      .filter((tag) => VERSIONED.test(tag) && !/windows|nanoserver|ubi\d|-rc|beta|alpha|\d{8}/.test(tag));
    tags[name] = [...new Set(listed)].sort().join(" ");
  }
}
const source = `github.com/docker-library/official-images at ${commit}`;
writeFileSync("server/model/data/image-tags.json", `${JSON.stringify({ source, date, latest, tags }, null, 1)}\n`);

function git(...args: readonly string[]): string {
  return execFileSync("git", ["--git-dir", directory!, ...args], { encoding: "utf8" });
}

function tagsOf(entry: string): readonly string[] {
  return [...entry.matchAll(/^(?:Shared)?Tags: (.*)$/gm)].flatMap((match) => match[1]!.split(/,\s*/));
}
