/**
 * Writes on which Debian release the tags of Docker's official images are that do not say it, from the history of
 * github.com/docker-library/official-images: `tsx scripts/generate-image-releases.ts <its git directory>`. A tag of a patch release stays
 * on what it was built on last; one that moves on (`3.13`, `latest`) is on what it is built on now.
 */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";

const directory = process.argv[2];
if (!directory) {
  console.error("Usage: tsx scripts/generate-image-releases.ts <git directory of docker-library/official-images>");
  process.exit(2);
}

const IMAGES =
  "drupal gcc golang haproxy haskell httpd julia memcached nginx node perl php postgres pypy python redis ruby rust";

/** What may follow a version, or stand alone for the newest; without release or system. */
const VARIANT = /^(?:slim|cli|apache|fpm|zts|perl|otel|threaded|slim-threaded)$/;

/** bookworm was released in June 2023, and what its images replaced is not known from then on. */
const SINCE = "2022-06-01";

const [commit, date] = git("log", "-1", "--format=%H %cs").trim().split(" ");
const images: Record<string, { versions: string; names: string }> = {};
for (const image of IMAGES.split(" ")) {
  const releases = new Map<string, string>();
  for (const text of history(`library/${image}`)) {
    for (const entry of text.split(/\n\s*\n/))
      for (const [tag, release] of releasesOf(entry)) releases.set(tag, release);
  }
  const versions = [...releases.keys()].filter((tag) => /^\d/.test(tag)).sort(compareVersions);
  // Where the release changes, in the order of the versions.
  const changes = versions.filter((tag, index) => releases.get(tag) !== releases.get(versions[index - 1] ?? ""));
  const names = [...releases.keys()].filter((tag) => !/^\d/.test(tag)).sort();
  const format = (tags: readonly string[]): string => tags.map((tag) => `${tag}=${releases.get(tag)}`).join(" ");
  images[image] = { versions: format(changes), names: format(names.filter((tag) => releases.get(tag) !== "other")) };
  console.error(`${image}: ${versions.length} versions, ${changes.length} changes`);
}
const source = `github.com/docker-library/official-images since ${SINCE}, at ${commit}`;
writeFileSync("server/model/data/image-releases.json", `${JSON.stringify({ source, date, images }, null, 1)}\n`);

/** The versions of a file, the oldest first. */
function history(file: string): readonly string[] {
  const commits = git("log", `--since=${SINCE}`, "--reverse", "--format=%H", "--diff-filter=AM", "--", file)
    .trim()
    .split("\n");
  const objects = commits.map((one) => `${one}:${file}\n`).join("");
  const answer = execFileSync("git", ["--git-dir", directory!, "cat-file", "--batch"], {
    input: objects,
    maxBuffer: 2 ** 30,
  });
  const texts: string[] = [];
  for (let at = 0; at < answer.length; ) {
    const line = answer.indexOf("\n", at);
    const size = Number(answer.toString("latin1", at, line).split(" ")[2]);
    texts.push(answer.toString("utf8", line + 1, line + 1 + size));
    at = line + size + 2;
  }
  return texts;
}

/** Of the tags of one image that name a version, or what is newest, and neither a release nor a system. */
function releasesOf(entry: string): readonly (readonly [tag: string, release: string])[] {
  if (/^Constraints:.*windows/m.test(entry)) return [];
  const tags = [...entry.matchAll(/^(?:Shared)?Tags: (.*)$/gm)].flatMap((match) => match[1]!.split(/,\s*/));
  if (tags.some((tag) => tag.includes("alpine"))) return [];
  const named = ["bookworm", "trixie"].filter((release) => tags.some((tag) => tag.split("-").includes(release)));
  const release = named.length === 1 ? named[0]! : "other";
  const plain = tags.flatMap((tag) => {
    const [, version, variant] = /^(\d+(?:\.\d+)*|[a-z]+)(?:-(.*))?$/.exec(tag) ?? [];
    if (version === undefined || /^(?:bookworm|trixie|bullseye|buster)$/.test(version)) return [];
    if (variant !== undefined && !VARIANT.test(variant)) return [];
    return [VARIANT.test(version) ? "latest" : version];
  });
  return [...new Set(plain)].map((tag) => [tag, release] as const);
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((tag) => tag.split(".").map(Number)) as [number[], number[]];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? -1) - (right[i] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

function git(...args: readonly string[]): string {
  return execFileSync("git", ["--git-dir", directory!, ...args], { encoding: "utf8", maxBuffer: 2 ** 28 });
}
