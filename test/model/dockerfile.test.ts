/** The model: what a Dockerfile means, and what cannot be known. */
import assert from "node:assert/strict";
import { Dockerfile } from "../../server/model/dockerfile.ts";
import { parseImage } from "../../server/model/image.ts";
import type { Stage } from "../../server/model/stage.ts";

function stagesOf(text: string): readonly Stage[] {
  return new Dockerfile(text).stages;
}

function last(text: string): Stage {
  return stagesOf(text).at(-1)!;
}

describe("stages", () => {
  it("are built on images, on each other by name in any case, or on what is not known", () => {
    const [a, b, c, d] = stagesOf("FROM debian:12 AS One\nFROM one\nFROM scratch\nARG X\nFROM $X\n");
    assert.equal(a!.image?.repository, "debian");
    assert.equal(b!.parent, a);
    assert.equal(b!.image, undefined);
    assert.ok(c!.isScratch);
    assert.deepEqual([d!.image, d!.parent, d!.base], [undefined, undefined, {}]);
  });

  it("resolve the arguments before the first FROM, defaults included", () => {
    assert.equal(last("ARG TAG=12\nARG IMAGE=debian:$TAG\nFROM $IMAGE\n").image?.reference, "debian:12");
    assert.equal(last("ARG TAG\nFROM debian:${TAG:-11}\n").image?.tag, "11");
    assert.equal(last("ARG TAG\nFROM debian:$TAG\n").image, undefined);
    assert.equal(last("FROM debian:$TARGETARCH\n").image, undefined);
  });

  it("know which of them the target needs, and which are in the image", () => {
    const stages = stagesOf(
      "FROM a AS base\nFROM base AS build\nFROM b AS loose\nFROM c AS mounted\nFROM base\nCOPY --from=build x y\nRUN --mount=from=mounted,target=/m x\n",
    );
    assert.deepEqual(
      stages.map(({ isReachable }) => isReachable),
      [true, true, false, true, true],
    );
    assert.deepEqual(
      stages.map(({ isInImage }) => isInImage),
      [true, false, false, false, true],
    );
    assert.ok(stagesOf("FROM a\nFROM b\nCOPY --from=0 x y").every(({ isReachable }) => isReachable));
  });

  it("replace an ONBUILD by its trigger, which takes no effect here", () => {
    const stage = last("FROM debian:12\nONBUILD USER app\n");
    assert.equal(stage.instructions[0]!.keyword, "USER");
    assert.ok(stage.instructions[0]!.onbuild);
    assert.equal(stage.userBefore()?.name, "root");
  });
});

describe("what holds at a point", () => {
  const at = (stage: Stage, keyword: string) =>
    stage.instructions.find((instruction) => instruction.keyword === keyword)!;

  it("is the user, from the base image, another stage, or USER, without its group", () => {
    assert.deepEqual(last("FROM debian:12\n").userBefore(), { instruction: undefined, name: "root", isRoot: true });
    assert.equal(last("FROM gcr.io/distroless/static:nonroot\n").userBefore()?.name, "nonroot");
    assert.equal(last("FROM debian:12 AS a\nUSER app:staff\nFROM a\n").userBefore()?.name, "app");
    assert.equal(last("FROM debian:12\nUSER 00:app\n").userBefore()?.isRoot, true);
    assert.equal(last("FROM debian:12\nARG U=app\nUSER $U\n").userBefore()?.name, "app");
    assert.equal(last("FROM example.com/x\n").userBefore(), undefined);
    assert.equal(last("FROM debian:12\nUSER $U\n").userBefore(), undefined);
    const stage = last("FROM debian:12\nRUN a\nUSER app\nCMD b\n");
    assert.equal(stage.userBefore(at(stage, "RUN"))?.name, "root");
    assert.equal(stage.userBefore(at(stage, "CMD"))?.name, "app");
  });

  it("is the working directory, relative ones resolved", () => {
    assert.equal(last("FROM debian:12\nWORKDIR /a\nWORKDIR b/../c\n").workdirBefore(), "/a/c");
    assert.equal(last("FROM debian:12 AS x\nWORKDIR /a\nFROM x\nWORKDIR b\n").workdirBefore(), "/a/b");
    assert.equal(last("FROM example.com/x\nWORKDIR b\n").workdirBefore(), undefined);
    assert.equal(last("FROM example.com/x\nWORKDIR $UNKNOWN/x\n").workdirBefore(), undefined);
  });

  it("is the shell, and whether it is one of POSIX", () => {
    assert.deepEqual(
      [last("FROM debian:12\n").shellBefore().words, last("FROM debian:12\n").shellBefore().posix],
      [["/bin/sh", "-c"], true],
    );
    assert.equal(last('FROM a\nSHELL ["pwsh", "-c"]\n').shellBefore().posix, false);
    assert.equal(last("FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\n").shellBefore().posix, false);
    assert.equal(last('FROM a AS b\nSHELL ["/bin/bash", "-c"]\nFROM b\n').shellBefore().words[0], "/bin/bash");
  });

  it("are ENV and ARG, inherited by the stages built on this one; ENV wins", () => {
    const environment = (text: string) => Object.fromEntries(last(text).environmentBefore());
    assert.deepEqual(environment("FROM scratch\nENV A=1 B=$A C=${D:-x}\nENV E=$A\n"), {
      A: "1",
      B: "",
      C: "x",
      E: "1",
    });
    assert.deepEqual(environment("FROM scratch AS a\nARG X=1\nENV Y=$X\nFROM a\n"), { X: "1", Y: "1" });
    assert.deepEqual(environment("FROM scratch AS a\nARG X=1\nFROM scratch\n"), {});
    assert.deepEqual(environment("FROM scratch\nENV X=env\nARG X=arg\n"), { X: "env" });
    assert.deepEqual(environment("ARG V=1\nFROM scratch\nARG V\nARG W\n"), { V: "1", W: null });
    // The base image may set it.
    assert.deepEqual(environment("FROM debian:12\nENV P=$PATH\n"), { P: null });
  });
});

describe("RUN", () => {
  const programs = (text: string) => new Dockerfile(text).commands.map(({ command }) => command.program);

  it("knows its commands in the shell form, the exec form and heredocs that a shell reads", () => {
    assert.deepEqual(programs("FROM a\nRUN x && y\n"), ["x", "y"]);
    assert.deepEqual(programs('FROM a\nRUN ["/usr/bin/x", "y"]\n'), ["x"]);
    assert.deepEqual(programs("FROM a\nRUN <<EOF\nx\ny\nEOF\n"), ["x", "y"]);
    assert.deepEqual(programs("FROM a\nRUN bash -e <<EOF\nx\nEOF\n"), ["bash", "x"]);
  });

  it("leaves alone what no POSIX shell reads", () => {
    assert.deepEqual(programs("FROM a\nRUN <<EOF\n#!/usr/bin/env python3\nimport os\nEOF\n"), []);
    assert.deepEqual(programs("FROM a\nRUN python3 <<EOF\nimport os\nEOF\n"), ["python3"]);
    assert.deepEqual(programs('FROM a\nSHELL ["powershell", "-Command"]\nRUN Get-Item x\n'), []);
  });

  it("looks behind programs that only run another", () => {
    assert.deepEqual(programs("FROM a\nRUN sudo -u app env A=1 nice -n 5 /usr/bin/x y\n"), ["x"]);
    assert.deepEqual(programs("FROM a\nRUN command -v x && exec y\n"), ["command", "y"]);
  });

  it("has its mounts", () => {
    const [run] = new Dockerfile("FROM a\nRUN --mount=type=cache,target=/var/cache/apt/ --mount=type=secret,id=x y\n")
      .runs;
    assert.deepEqual(
      run!.mounts.map(({ type, target }) => [type, target]),
      [
        ["cache", "/var/cache/apt"],
        ["secret", undefined],
      ],
    );
    assert.ok(run!.hasMount("/var/cache/apt/archives", "cache"));
    assert.ok(!run!.hasMount("/var/cache/apt-other", "cache"));
  });
});

describe("package operations", () => {
  const only = (run: string) => {
    const operations = new Dockerfile(`FROM a\nRUN ${run}\n`).packageOperations;
    assert.equal(operations.length, 1, run);
    return operations[0]!;
  };

  it("know manager, action and packages; options and their values are none", () => {
    const cases: readonly (readonly [run: string, expected: readonly unknown[]])[] = [
      [
        "apt-get -o X=1 install -t sid -y git curl=1.2 gcc:amd64 vim/sid",
        ["apt-get", "install", ["git", "curl", "gcc", "vim"]],
      ],
      ["apk add --no-cache --virtual .deps gcc~=12 make", ["apk", "install", ["gcc", "make"]]],
      ["dnf -y install httpd-2.4.6 git", ["dnf", "install", ["httpd", "git"]]],
      [
        "pip3 install -r x.txt --no-cache-dir 'requests[security]>=2' flask==1",
        ["pip", "install", ["requests[security]", "flask"]],
      ],
      ["python3 -m pip install --upgrade pip", ["pip", "install", ["pip"]]],
      ["npm install -g @vue/cli@5 serve", ["npm", "install", ["@vue/cli", "serve"]]],
      ["yarn", ["yarn", "install", []]],
      ["gem install rails:7 -v 7 bundler", ["gem", "install", ["rails", "bundler"]]],
    ];
    for (const [run, expected] of cases) {
      const { manager, action, packages } = only(run);
      assert.deepEqual([manager, action, packages.map(({ name }) => name)], expected, run);
    }
  });

  it("say whether a flag is given, and that they do not know behind a variable", () => {
    assert.equal(only("apt-get install -qqy x").has("-y", "--yes"), true);
    assert.equal(only("apt-get install --yes x").has("-y", "--yes"), true);
    assert.equal(only("apt-get install x").has("-y", "--yes"), false);
    assert.equal(only("apt-get install $OPTIONS x").has("-y", "--yes"), undefined);
    assert.equal(only('apt-get install "x=$VERSION"').has("-y"), false);
  });
});

describe("images", () => {
  it("have their parts", () => {
    const parts = (reference: string) => {
      const image = parseImage(reference);
      return image && [image.registry, image.repository, image.tag, image.digest?.slice(0, 9)];
    };
    assert.deepEqual(parts("debian"), ["docker.io", "debian", undefined, undefined]);
    assert.deepEqual(parts("library/debian:12"), ["docker.io", "debian", "12", undefined]);
    assert.deepEqual(parts("localhost:5000/a/b:c@sha256:0123"), ["localhost:5000", "a/b", "c", "sha256:01"]);
    assert.deepEqual(parts("ghcr.io/a/b"), ["ghcr.io", "a/b", undefined, undefined]);
    for (const wrong of ["Debian", "a b", ":12", "a:", ""]) assert.equal(parseImage(wrong), undefined, wrong);
  });

  it("have facts only where they are known", () => {
    const facts = (reference: string) => parseImage(reference)!.facts;
    assert.deepEqual(
      [facts("python:3.12-slim-bookworm").distribution, facts("python:3.12-slim-bookworm").release],
      ["debian", "bookworm"],
    );
    assert.deepEqual(
      [facts("node:22-alpine3.20").distribution, facts("node:22-alpine3.20").users],
      ["alpine", ["node"]],
    );
    assert.equal(facts("postgres:17").dropsPrivileges, true);
    assert.equal(facts("mcr.microsoft.com/dotnet/aspnet:8.0").userReference, "$APP_UID");
    assert.deepEqual(facts("mcr.microsoft.com/dotnet/aspnet:6.0").users, []);
    assert.equal(facts("registry.access.redhat.com/ubi9/ubi-minimal:9.4").distribution, "rhel");
    assert.deepEqual(facts("example.com/python:3"), {});
    assert.deepEqual(facts("someone/python:3"), {});
  });
});
