/** The logic of `npm run proof`, and what can be said of its cases without building them. */
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { RULES } from "../../server/rules/index.ts";
import { compare } from "./answers.ts";
import { BASES, baseOf, basesOf, buildContexts } from "./bases.ts";
import { readCase, readCases } from "./case.ts";
import { compareSizes } from "./checks.ts";
import { resolveUser, Search } from "./image.ts";
import { optimise } from "./optimise.ts";
import { run } from "./process.ts";
import { type Proof, withoutFrontend } from "./prove.ts";
import { formatPage, formatResult } from "./table.ts";

const DECLARATION = { stack: "C", about: "a program", fixes: ["missing-user"], saves: 50, expects: "hello" };

describe("declarations of cases", () => {
  it("have what is usual when they do not say", () => {
    const one = readCase("hello", "/somewhere", DECLARATION);
    assert.deepEqual(one.runs, [{ arguments: [] }]);
    assert.deepEqual([one.readOnly, one.isHealthy, one.stops, one.isShort], [true, false, false, false]);
    assert.deepEqual([one.writes, one.secrets, one.environment, one.buildSecrets], [[], [], {}, {}]);
  });

  it("start nothing besides when there are requests", () => {
    const requests = { port: 8080, paths: ["/"] };
    assert.deepEqual(readCase("hello", "", { ...DECLARATION, requests }).runs, []);
    assert.deepEqual(readCase("hello", "", { ...DECLARATION, requests }).requests, requests);
  });

  const wrong: readonly (readonly [object, RegExp])[] = [
    [{ stack: undefined }, /`stack` is no text/],
    [{ fixes: [] }, /`fixes` is empty: a case in which nothing is fixed proves nothing/],
    [{ fixes: "missing-user" }, /`fixes` is no list/],
    [{ saves: "50%" }, /`saves` is no percentage/],
    [{ saves: -1 }, /`saves` is no percentage/],
    [{ expects: "" }, /`expects` is no text/],
    [{ readOnly: "no" }, /`readOnly` is neither true nor false/],
    [{ runs: [] }, /`runs` is no list of starts/],
    [{ requests: { paths: ["/"] } }, /`requests` has no port/],
    [{ environment: { A: 1 } }, /`environment` is no text/],
    [{ writes: [1] }, /`writes` is no text/],
    [{ read_only: true }, /`read_only` is nothing that a case declares/],
  ];
  for (const [part, message] of wrong)
    it(`are refused: ${JSON.stringify(part)}`, () =>
      assert.throws(() => readCase("hello", "", { ...DECLARATION, ...part }), message));
  it("are refused when they are no object", () => assert.throws(() => readCase("hello", "", []), /no object/));
});

describe("answers", () => {
  const hello = [{ question: "start", answer: "hello" }];
  it("are the same", () => assert.equal(compare(hello, [{ question: "start", answer: "hello" }], "hello"), undefined));
  it("differ", () =>
    assert.match(compare(hello, [{ question: "start", answer: "hallo" }], "hello")!, /"hello".*optimised.*"hallo"/));
  it("are missing", () => assert.match(compare(hello, [], "hello")!, /optimised image undefined/));
  it("are two failures of the same kind", () => {
    const failed = [{ question: "start", answer: "\nexit code 1: no such file" }];
    assert.match(compare(failed, failed, "hello")!, /the original does not answer `hello`/);
  });
});

describe("sizes", () => {
  it("must shrink as declared", () => {
    assert.deepEqual(compareSizes({ saves: 50 }, 200e6, 99e6), []);
    assert.deepEqual(compareSizes({ saves: 50 }, 200e6, 101e6), ["it is 49.5 % smaller, and should be 50 %"]);
  });
  it("must not grow by more than a user", () => {
    assert.deepEqual(compareSizes({ saves: 0 }, 100e6, 100.4e6), []);
    assert.deepEqual(compareSizes({ saves: 0 }, 100e6, 103e6), ["it has grown by 3.0 MB"]);
  });
});

describe("images", () => {
  const passwd = "root:x:0:0:root:/root:/bin/bash\napp:x:10001:10001::/home/app:/usr/sbin/nologin\n";
  it("run as who they say", () => {
    assert.deepEqual(resolveUser("", passwd), { name: "root", id: 0 });
    assert.deepEqual(resolveUser("app", passwd), { name: "app", id: 10001 });
    assert.deepEqual(resolveUser("app:app", passwd), { name: "app", id: 10001 });
    assert.deepEqual(resolveUser("10001:10001", passwd), { name: "app", id: 10001 });
    assert.deepEqual(resolveUser("65532", ""), { name: "65532", id: 65532 });
    assert.deepEqual(resolveUser("0", passwd), { name: "root", id: 0 });
    assert.throws(() => resolveUser("nobody-knows", passwd), /no user `nobody-knows`/);
  });

  it("are searched across the borders of pieces", () => {
    const search = new Search(["secret", "other", "missing"]);
    for (const piece of ["a se", "cre", "t, and other", "s, not miss", "-ing"]) search.feed(Buffer.from(piece));
    assert.deepEqual([...search.found], ["secret", "other"]);
  });

  it("are ours by all names of a Dockerfile", () => {
    const text = [
      "ARG VERSION=20",
      "FROM node:$VERSION-slim AS build",
      "FROM docker.io/library/debian:12",
      "COPY --from=build / /",
      "COPY --from=nginx:1.22 / /",
      "RUN --mount=type=bind,from=golang:1.19,target=/go true",
      "FROM example.com/other:1",
    ].join("\n");
    assert.deepEqual(
      basesOf(text).map(({ name }) => name),
      ["node-slim", "debian", "nginx", "golang"],
    );
    assert.equal(baseOf("alpine:3.20"), undefined);
  });

  it("are given to a build under the names that it uses", () => {
    assert.deepEqual(
      buildContexts("FROM debian:12-slim AS a\nFROM debian:12-slim\nFROM a\nFROM node:99-slim\nFROM x:1\n"),
      [
        ...["--build-context", "debian:12-slim=docker-image://plimsoll-proof/base:debian-slim"],
        ...["--build-context", "node:99-slim=docker-image://plimsoll-proof/base:node-slim"],
      ],
    );
  });

  it("stand for the official image of their own name", () => {
    for (const base of BASES) assert.equal(baseOf(base.official)?.name, base.name);
  });
});

describe("Dockerfiles", () => {
  it("name no frontend that would have to be fetched", () => {
    assert.equal(withoutFrontend("# syntax=docker/dockerfile:1\nFROM a\n"), "FROM a\n");
    assert.equal(withoutFrontend("#Syntax = docker/dockerfile:1\r\nFROM a\r\n"), "FROM a\r\n");
    assert.equal(withoutFrontend("FROM a\n# syntax=x\n"), "FROM a\n# syntax=x\n");
  });
});

describe("processes", () => {
  it("end when their time is over", async () => {
    const { code, stderr, seconds } = await run("sleep", ["30"], { seconds: 0.2 });
    assert.equal(code, undefined);
    assert.match(stderr, /killed after 0.2 s/);
    assert.ok(seconds < 20);
  });
  it("are missing", async () => assert.equal((await run("no-such-program", [], { seconds: 5 })).code, 127));
  it("get their arguments as they are", async () =>
    assert.equal((await run("printf", ["%s", "$(id) `id`;"], { seconds: 5 })).stdout, "$(id) `id`;"));
});

describe("the page", () => {
  const one = readCase("hello", "", DECLARATION);
  const image = (
    bytes: number,
    name: string,
    id: number,
    estimated: number,
    grown: number,
    unknown: string[] = [],
  ) => ({
    estimate: { bytes: estimated, unknown },
    grown,
    image: { tag: "", bytes, layers: 3, user: { name, id }, volumes: [] },
    seconds: 12.3,
  });
  const proven: Proof = {
    case: one,
    problems: [],
    fixes: ["missing-user"],
    engine: "28.5.2",
    bases: ["debian"],
    before: image(200e6, "root", 0, 99e6, 100e6),
    after: image(80e6, "app", 10001, 5e6, 7e6, ["what pip installs"]),
    checks: ["same output"],
  };
  const broken: Proof = {
    case: { ...one, name: "broken" },
    engine: "28.5.2",
    problems: ["a | b\nmore"],
    fixes: [],
    bases: [],
    checks: [],
  };
  const page = formatPage([proven, broken], { date: "2026-11-21", missing: ["later"] });

  it("has a row for each case", () => {
    assert.match(
      page,
      /\| C: a program \| 200\.0 → 80\.0 \| −60 % \| 3 → 3 \| 12 → 12 \| root → app \(10001\) \| same output \| 99\.0 \(−1\.0 %\) → not known \|/,
    );
  });
  it("says what failed, and why", () => {
    assert.match(page, /2 Dockerfiles, 1 proven, 1 failed, on Docker 28\.5\.2\./);
    assert.match(page, /\*\*failed\*\*/);
    assert.match(page, /- broken: a \\\| b\n/);
  });
  it("names what has not been built", () => assert.match(page, /Not built yet .*: later\./));
  it("adds up what is proven", () => assert.match(page, /200\.0 MB before, 80\.0 MB after \(−60 %\), median −60 %/));
  it("says how good the estimates are", () => assert.match(page, /so for 1 images: median error 1\.0 %, worst 1\.0 %/));
  it("lists the images that were used, and what they stand for", () => {
    assert.match(page, /\| `debian:bookworm` \|/);
    assert.doesNotMatch(page, /`rust:/);
  });
  it("is a line in a terminal", () => {
    assert.equal(formatResult(proven), "ok     hello 200.0 → 80.0 MB (−60 %)");
    assert.match(formatResult(broken), /^FAILED broken\n {9}a \| b\n {9}more$/);
  });
});

describe("the cases", () => {
  const cases = readCases();
  it("are at least forty, six of them short", () => {
    assert.ok(cases.length >= 40, String(cases.length));
    assert.equal(cases.filter(({ isShort }) => isShort).length, 6);
  });

  for (const one of cases)
    it(`${one.name}: is fixed as declared, and for good`, async () => {
      assert.ok(existsSync(join(one.directory, "Dockerfile")));
      assert.deepEqual(
        one.fixes.filter((id) => !RULES.some((rule) => rule.id === id)),
        [],
      );
      const { before, after, fixes, isUnstable, score } = await optimise(one.directory);
      assert.deepEqual(
        one.fixes.filter((id) => !fixes.includes(id)),
        [],
        "rules that changed nothing",
      );
      assert.ok(!isUnstable);
      assert.ok(score.after >= score.before);
      for (const secret of one.secrets) assert.ok(!after.includes(secret));
      assert.notEqual(basesOf(before).length, 0, "it starts from no image that can be made");
    });

  it("have no file that is forgotten", () => {
    const folder = new URL("cases", import.meta.url).pathname;
    for (const { name, directory } of cases) {
      const own = directory === join(folder, name, "context") ? ["context"] : [];
      assert.deepEqual(readdirSync(join(folder, name)).sort(), ["case.json", ...own]);
    }
  });
});
