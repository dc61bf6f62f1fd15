import assert from "node:assert/strict";
import { Dockerfile } from "../../server/model/dockerfile.ts";
import { type Estimate, estimateSizes, type InstructionSize } from "../../server/size/estimate.ts";
import { SizeTable } from "../../server/size/table.ts";
import { about, totalText } from "../../server/size/text.ts";
import { realTables, tableDataOf } from "./tables.ts";

const MB = 1_000_000;
/** What an installation that has no templates writes anew: see `server/size/cost.ts`. */
const RECORDS = (installed: number, added: number): number => 753_000 + 2 * 880 * installed + 30_000 + 650 * added;
const LISTS = 19_900_000;

// By hand: git is 40 MB, 10 of them documentation, and needs perl, 20 MB; it recommends less, 1 MB.
const table = new SizeTable(
  tableDataOf([
    { name: "base-files", inBase: true },
    { name: "git", files: 40_000, dropped: 10_000, depends: "perl", recommends: "less" },
    { name: "perl", files: 20_000, depends: "base-files" },
    { name: "less", files: 1000 },
    { name: "gcc", files: 100_000, depends: "libgcc" },
    { name: "libgcc", files: 5000 },
    { name: "tzdata", files: 2000, templates: 300 },
    { name: "python3-minimal", files: 3000 },
    { name: "python3-six", files: 100, python: 50 },
    { name: "nodejs", files: 70_000 },
  ]),
);

function estimate(text: string, files?: ReadonlyMap<string, number>): Estimate {
  return estimateSizes(new Dockerfile(text), { tables: { bookworm: table }, ...(files ? { files } : {}) });
}

function only(text: string): InstructionSize {
  const { instructions } = estimate(text);
  assert.equal(instructions.length, 1);
  return instructions[0]!;
}

describe("estimated sizes", () => {
  it("counts packages, what they need and what they recommend, and the lists that stay", () => {
    const { bytes, withoutRecommends, listsLeft, unknown } = only(
      "FROM debian:12\nRUN apt-get update && apt-get install -y git\n",
    );
    assert.equal(bytes, 61 * MB + RECORDS(4, 3) + LISTS);
    assert.equal(withoutRecommends, 60 * MB + RECORDS(3, 2) + LISTS);
    assert.equal(listsLeft, LISTS);
    assert.deepEqual(unknown, []);
  });

  it("leaves out what slim images do, what --no-install-recommends does, and lists that the same RUN removes", () => {
    const { bytes, withoutRecommends, listsLeft } = only(
      "FROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y --no-install-recommends git && rm -rf /var/lib/apt/lists/*\n",
    );
    assert.equal(bytes, 50 * MB + RECORDS(3, 2));
    assert.equal(withoutRecommends, bytes);
    assert.equal(listsLeft, 0);
  });

  it("knows apt's configuration, by option and by file", () => {
    for (const text of [
      "RUN apt-get update && apt-get install -y -o APT::Install-Recommends=false git && rm -rf /var/lib/apt/lists/*\n",
      "RUN echo 'APT::Install-Recommends \"0\";' > /etc/apt/apt.conf.d/99lean && apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*\n",
    ])
      assert.equal(only(`FROM debian:12\n${text}`).bytes, 60 * MB + RECORDS(3, 2), text);
  });

  it("does not count again what an earlier instruction of the lineage has installed, or lists that are there", () => {
    const { instructions, final, stages } = estimate(
      "FROM debian:12 AS one\nRUN apt-get update && apt-get install -y perl\nFROM one\nRUN apt-get update && apt-get install -y git\n",
    );
    assert.equal(instructions[0]!.bytes, 20 * MB + RECORDS(2, 1) + LISTS);
    assert.equal(instructions[1]!.bytes, 41 * MB + RECORDS(4, 2));
    assert.equal(final.bytes, stages[0]!.bytes! + stages[1]!.added);
    assert.equal(stages[0]!.bytes, 116_200_000 + instructions[0]!.bytes);
  });

  it("does not take off what a later instruction removes, but what the same one does", () => {
    const later = estimate(
      "FROM debian:12\nRUN apt-get update && apt-get install -y gcc\nRUN apt-get purge -y --auto-remove gcc && rm -rf /var/lib/apt/lists/*\n",
    );
    assert.equal(later.instructions[0]!.bytes, 105 * MB + RECORDS(3, 2) + LISTS);
    // Packages stay, and dpkg's records are written once more.
    assert.equal(later.instructions[1]!.bytes, RECORDS(3, 0));
    const same = only(
      "FROM debian:12\nRUN apt-get update && apt-get install -y gcc less && apt-get purge -y --auto-remove gcc && rm -rf /var/lib/apt/lists/*\n",
    );
    assert.equal(same.bytes, MB + RECORDS(2, 3));
  });

  it("counts again what a later instruction has removed and another installs", () => {
    const { instructions } = estimate(
      "FROM debian:12\nRUN apt-get update && apt-get install -y less\nRUN apt-get purge -y less\nRUN apt-get autoremove -y\nRUN apt-get install -y less\n",
    );
    assert.equal(instructions[2]!.bytes, RECORDS(1, 0));
    assert.equal(instructions[3]!.bytes, MB + RECORDS(2, 1));
  });

  it("respects cache mounts", () => {
    const { listsLeft } = only(
      "FROM debian:12\nRUN --mount=type=cache,target=/var/lib/apt,sharing=locked apt-get update && apt-get install -y git\n",
    );
    assert.equal(listsLeft, 0);
    const kept =
      "FROM debian:12\nRUN rm -f /etc/apt/apt.conf.d/docker-clean && apt-get update && apt-get install -y git";
    assert.deepEqual(only(`${kept}\n`).unknown, ["the package files that apt keeps in `/var/cache/apt`"]);
    const mounted = kept.replace("RUN", "RUN --mount=type=cache,target=/var/cache/apt");
    assert.deepEqual(only(`${mounted}\n`).unknown, []);
  });

  it("counts the database that questions go into, twice, and modules that are compiled where there is an interpreter", () => {
    const clean = "&& rm -rf /var/lib/apt/lists/*\n";
    assert.equal(
      only(`FROM debian:12\nRUN apt-get update && apt-get install -y tzdata ${clean}`).bytes,
      2 * MB + RECORDS(2, 1) + 753_000 + 2 * 300_000,
    );
    const alone = only(`FROM debian:12\nRUN apt-get update && apt-get install -y python3-six ${clean}`).bytes;
    assert.equal(alone, 100_000 + RECORDS(2, 1));
    const both = only(`FROM debian:12\nRUN apt-get update && apt-get install -y python3-six python3-minimal ${clean}`);
    assert.ok(both.bytes > 3 * MB + 100_000 + RECORDS(3, 2) + 50_000);
  });

  it("says what is not known, in words, and counts the rest", () => {
    const { bytes, unknown } = only(
      "FROM debian:12\nRUN apt-get update && apt-get install -y less nosuch $MORE && pip install flask && curl -fsSL https://example.com/x | sh && make && rm -rf /var/lib/apt/lists/*\n",
    );
    assert.equal(bytes, MB + RECORDS(2, 1));
    assert.deepEqual(unknown, [
      "the package `nosuch`",
      "the packages that `$MORE` stands for",
      "what pip installs",
      "what curl downloads",
      "what `sh` writes",
      "what `make` writes",
    ]);
  });

  it("does not take another archive's package for Debian's", () => {
    const text =
      "FROM debian:12\nRUN curl -fsSL https://deb.nodesource.com/setup_22.x | bash - && apt-get install -y nodejs less\n";
    const { installs, unknown } = only(text);
    assert.deepEqual(
      installs[0]!.added.map(({ name }) => name),
      ["less"],
    );
    assert.ok(unknown.includes("`nodejs` from another archive than Debian's"));
  });

  it("reads words that hold variables, versions and releases", () => {
    const { installs, unknown } = only(
      'FROM debian:12\nARG C=gc\nENV TOOLS="less tzdata" L=l\nRUN apt-get install -y git=1:2.39.* lib${C}c $TOOLS "per$L" gcc/bookworm lib$X\n',
    );
    assert.deepEqual(
      installs[0]!.wanted.map((one) => one.package.name),
      ["git", "libgcc", "less", "tzdata", "perl", "gcc"],
    );
    assert.deepEqual(unknown, ["the packages that `lib$X` stands for"]);
  });

  it("says why a package is not known", () => {
    const unknownOf = (words: string): readonly string[] =>
      only(`FROM debian:12\nRUN apt-get install -y ${words}\n`).unknown;
    assert.deepEqual(unknownOf("-t bookworm-backports git"), ["`git` of `bookworm-backports`"]);
    assert.deepEqual(unknownOf("--target-release=sid git"), ["`git` of `sid`"]);
    assert.deepEqual(unknownOf("-t bookworm git"), []);
    assert.deepEqual(unknownOf("git/bookworm-backports"), ["`git` of `bookworm-backports`"]);
    assert.deepEqual(unknownOf("./x.deb /tmp/y.deb"), ["the package file `./x.deb`", "the package file `/tmp/y.deb`"]);
    assert.deepEqual(unknownOf("git:i386"), ["the package `git:i386`"]);
    assert.deepEqual(unknownOf("'php8*' standard^ $(cat list)"), [
      "the packages that `php8*` stands for",
      "the packages that `standard^` stands for",
      "the packages that `$(cat list)` stands for",
    ]);
    assert.deepEqual(unknownOf("--reinstall git less"), []);
    assert.deepEqual(unknownOf("--reinstall base-files"), ["`base-files`, installed again"]);
    assert.deepEqual(unknownOf("--download-only git"), ["the package files that apt-get downloads"]);
  });

  it("installs nothing where apt only says what it would do, and no package that is refused", () => {
    assert.equal(only("FROM debian:12\nRUN apt-get install -s git\n").bytes, 0);
    const { installs } = only("FROM debian:12\nRUN apt-get install -y git less-\n");
    assert.deepEqual(
      installs[0]!.added.map(({ name }) => name),
      ["git", "perl"],
    );
  });

  it("does not count what runs in some cases only, and names it", () => {
    const text = (script: string): string => `FROM debian:12\nRUN ${script}\n`;
    const branch = only(text('if [ -n "$DEV" ]; then apt-get install -y gcc; else apt-get install -y less; fi'));
    assert.deepEqual(branch.unknown, ["`gcc`, installed in some cases", "`less`, installed in some cases"]);
    assert.equal(branch.bytes, 0);
    // A second try.
    const again = only(text("apt-get install -y less || apt-get install -y --fix-missing less"));
    assert.deepEqual([again.bytes, ...again.unknown], [MB + RECORDS(2, 1)]);
  });

  it("knows nothing of the lists of a release that is not in a table", () => {
    for (const image of ["debian:bullseye", "debian:sid", "ubuntu:24.04"]) {
      const { bytes, listsLeft, unknown } = only(`FROM ${image}\nRUN apt-get update && apt-get install -y git\n`);
      assert.deepEqual([bytes, listsLeft], [0, 0]);
      assert.deepEqual(unknown, ["what apt-get installs", "the package lists that `apt-get update` leaves"], image);
    }
  });

  it("looks at what xargs and find run, and at what `install` copies", () => {
    const { unknown } = only(
      "FROM debian:12\nRUN xargs -a list apt-get install -y && find / -name x -exec make {} + && ls | xargs rm -f && install -d /x && install a /b\n",
    );
    assert.deepEqual(unknown, ["what apt-get installs", "what `make` writes", "what `install` writes"]);
  });

  it("counts again what a later instruction changes of what COPY has put there", () => {
    const files = new Map([
      ["src", 5 * MB],
      ["entrypoint.sh", 300],
      ["tool.bin", 7 * MB],
    ]);
    const of = (...lines: readonly string[]): unknown[] => {
      const { instructions } = estimate(`FROM debian:12\nWORKDIR /srv\n${lines.join("\n")}\n`, files);
      const { bytes, unknown } = instructions.at(-1)!;
      return [bytes, ...unknown];
    };
    assert.deepEqual(of("COPY src /app", "RUN chown -R app:app /app"), [5 * MB]);
    assert.deepEqual(of("COPY src app", "COPY tool.bin app/", "RUN chown -R app /srv/app"), [12 * MB]);
    assert.deepEqual(of("COPY src /app", "RUN chown app /app/x"), [0, "what `chown` writes again"]);
    assert.deepEqual(of("COPY entrypoint.sh /", "RUN chmod +x /entrypoint.sh"), [300]);
    assert.deepEqual(of("COPY tool.bin /usr/local/bin/", "RUN chmod +x /usr/local/bin/tool.bin"), [7 * MB]);
    assert.deepEqual(of("COPY src /app", "RUN mv /app /srv/app"), [5 * MB]);
    assert.deepEqual(of("COPY src /app", "RUN make", "RUN chown -R app /app"), [0, "what `chown -R` writes again"]);
    assert.deepEqual(of("COPY --from=b /x /app", "RUN chown -R app /app"), [0, "what `chown -R` writes again"]);
    assert.deepEqual(of("RUN mkdir -p /data && chown -R app /data"), [0]);
    assert.deepEqual(of("RUN chown -R app /var"), [0, "what `chown -R` writes again"]);
    assert.deepEqual(of("RUN chmod 755 /usr/bin/x"), [0]);
  });

  it("knows nothing of other systems' packages, and says so", () => {
    const { instructions, final } = estimate(
      "FROM example.com/team/base:1\nRUN apk add git\nRUN apt-get install -y git\n",
    );
    assert.deepEqual(
      instructions.map(({ bytes, unknown }) => [bytes, ...unknown]),
      [
        [0, "what apk installs"],
        [0, "what apt-get installs"],
      ],
    );
    assert.equal(final.bytes, undefined);
    assert.deepEqual(final.unknown, ["`example.com/team/base:1` itself", "what apk installs", "what apt-get installs"]);
  });

  it("says where the base may have some of it already", () => {
    const { unknown } = only("FROM nginx:1.27-bookworm\nRUN apt-get update && apt-get install -y git\n");
    assert.deepEqual(unknown, ["less what `nginx:1.27-bookworm` already has of it"]);
    assert.equal(
      totalText({ bytes: 40 * MB, unknown: [...unknown, "what pip installs"] }),
      "≈ 40 MB, less what `nginx:1.27-bookworm` already has of it + what pip installs",
    );
  });

  it("counts files whose sizes are known, texts in the Dockerfile, and nothing of what is not known", () => {
    const files = new Map([
      ["src", 5000],
      ["package.json", 300],
    ]);
    const { instructions, final } = estimate(
      "FROM scratch\nCOPY package.json /\nCOPY ./src/ other /app/\nCOPY <<EOF /hello\nhello\nEOF\nADD x.tar.gz /\nADD https://example.com/x /\nCOPY --from=builder /x /x\n",
      files,
    );
    assert.deepEqual(
      instructions.map(({ bytes, unknown }) => [bytes, ...unknown]),
      [
        [300],
        [5000, "what `other` holds"],
        [6],
        [0, "what `x.tar.gz` holds"],
        [0, "what `ADD https://example.com/x` downloads"],
        [0, "what is copied from `builder`"],
      ],
    );
    assert.equal(final.bytes, 5306);
  });

  it("never throws, wherever the text ends", () => {
    const text =
      'FROM debian:12 AS a\nARG P="git less"\nRUN --mount=type=cache,target=/x apt-get update && \\\n apt-get install -y $P git=1:2.* && apt-get purge --auto-remove -y git\nCOPY --from=a . .\nADD ["a", "b"]\nRUN <<EOF\napt-get install gcc\nEOF\nFROM a\nONBUILD RUN apt-get install -y git\n';
    for (let end = 0; end <= text.length; end++) {
      const { final, instructions } = estimate(text.slice(0, end));
      for (const one of instructions) assert.ok(one.bytes >= one.listsLeft && Number.isFinite(one.bytes));
      assert.ok(final.bytes === undefined || Number.isFinite(final.bytes));
    }
  });

  it("finds the packages of a language's image by the list that it is made of", () => {
    const { instructions } = estimateSizes(
      new Dockerfile("FROM python:3.12-bookworm\nRUN apt-get update && apt-get install -y gcc libpq-dev git\n"),
      { tables: realTables() },
    );
    assert.deepEqual(instructions[0]!.installs[0]!.added, []);
    assert.equal(instructions[0]!.bytes, LISTS);
  });
});

describe("sizes in words", () => {
  it("are as exact as an estimate is", () => {
    assert.deepEqual([0, 512, 1234, 9_960_000, 99_400_000, 164_321_000, 999_700_000, 1_234_000_000].map(about), [
      "0 B",
      "≈ 512 B",
      "≈ 1.2 kB",
      "≈ 10 MB",
      "≈ 99 MB",
      "≈ 164 MB",
      "≈ 1 GB",
      "≈ 1.2 GB",
    ]);
  });

  it("name what is not known", () => {
    assert.equal(totalText({ bytes: 120 * MB, unknown: ["what pip installs"] }), "≈ 120 MB + what pip installs");
    assert.equal(totalText({ bytes: 120 * MB, unknown: ["a", "b", "c"] }), "≈ 120 MB + a + 2 unknown parts");
    assert.equal(totalText({ bytes: undefined, unknown: ["x itself"] }), "size not known");
  });
});

describe("base images", () => {
  const baseOfImage = (image: string): string => {
    const { base } = estimate(`FROM ${image}\n`).stages[0]!;
    const size = base.bytes === undefined ? "?" : String(Math.round(base.bytes / MB));
    return `${size} ${base.release ?? "?"} ${base.isSlim ? "slim" : "full"} ${base.packages ? "listed" : "not listed"}`;
  };

  for (const [image, expected] of [
    ["debian:bookworm-slim", "75 bookworm slim listed"],
    ["debian:12", "116 bookworm full listed"],
    ["debian", "120 trixie full listed"],
    ["debian:11", "? ? full listed"],
    ["debian:testing-slim", "? ? slim not listed"],
    ["python:3.12-slim-bookworm", "124 bookworm slim listed"],
    ["python:3.13", "1110 trixie full listed"],
    ["python:2.7", "? ? full listed"],
    ["python:3.12-alpine", "? ? full listed"],
    ["node:22-slim", "227 bookworm slim listed"],
    ["node:24", "1130 bookworm full listed"],
    ["node:lts-slim", "227 bookworm slim listed"],
    ["node", "1230 trixie full listed"],
    ["python:3.11.4-slim", "124 bookworm slim listed"],
    ["python:3.11.3-slim", "? ? slim listed"],
    ["python:3.11.14", "1110 trixie full listed"],
    ["python:3.15-rc", "? ? full listed"],
    ["golang:1.24.5", "? bookworm full listed"],
    ["golang:1.99", "? trixie full listed"],
    ["rust:1.88-slim", "? bookworm slim listed"],
    ["php:8.3-fpm", "579 trixie slim listed"],
    ["php:8.2.10-apache", "502 bookworm slim listed"],
    ["postgres:17.4", "? bookworm slim not listed"],
    ["debian:oldstable-slim", "75 bookworm slim listed"],
    ["debian:stable-20240612", "? ? full listed"],
    ["debian:sid", "? ? full not listed"],
    ["ubuntu:24.04", "78 ? full not listed"],
    ["nginx:1.27", "? bookworm slim not listed"],
    ["php:7.4-apache", "? ? slim not listed"],
    ["mcr.microsoft.com/dotnet/sdk:8.0", "? ? full not listed"],
    ["scratch", "0 ? full listed"],
    ["$IMAGE", "? ? full not listed"],
  ] as const) {
    it(image, () => {
      assert.equal(baseOfImage(image), expected);
    });
  }

  it("are not taken from Alpine's variant of a language's image", () => {
    const { final } = estimate("FROM node:22-alpine\n");
    assert.equal(final.bytes, undefined);
  });
});
