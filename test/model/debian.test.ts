import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { countUsers, findBuildPackages } from "../../scripts/debian/build-packages.ts";
import type { DebianIndex, DebianPackage } from "../../scripts/debian/read-index.ts";
import { findRuntimePackages } from "../../scripts/debian/runtime-packages.ts";
import { type DebianRelease, debianReleases, packageFacts } from "../../server/model/debian.ts";

describe("facts about Debian packages", () => {
  describe("what is for building", () => {
    const buildPackages = [
      ..."gcc g++ gcc-12 clang gfortran golang golang-go cargo rustc ghc nasm swig".split(" "),
      ..."make cmake build-essential pkg-config pkgconf autoconf automake libtool ninja-build meson ccache".split(" "),
      ..."bison flex gperf re2c protobuf-compiler debhelper dpkg-dev linux-libc-dev libc6-dev".split(" "),
      ..."python3-dev ruby-dev php-dev libperl-dev libnode-dev erlang-dev apache2-dev r-base-dev".split(" "),
      ..."gcc-multilib gcc-aarch64-linux-gnu crossbuild-essential-arm64 libc6-dev-i386 opencl-headers".split(" "),
    ];
    for (const name of buildPackages) {
      it(`${name} is`, () => assert.equal(packageFacts(name, undefined).role, "build"));
    }

    const runtimePackages = [
      ..."git curl ca-certificates openssl procps python3 nodejs default-jre default-jdk ffmpeg imagemagick".split(" "),
      ..."postgresql-client libpq5 netcat-openbsd vim less nginx gdb strace binutils gettext gettext-base patch".split(
        " ",
      ),
      ..."perl m4 graphviz xsltproc ruby bundler rake rsync sudo tzdata libstdc++6 manpages-dev".split(" "),
    ];
    for (const name of runtimePackages) {
      it(`${name} is not`, () => assert.equal(packageFacts(name, undefined).role, "other"));
    }

    for (const name of ["tini", "gosu", "npm", "maven", "valgrind", "snapd", "lldb", "linux-headers-amd64"]) {
      it(`${name} is not said to be`, () => assert.notEqual(packageFacts(name, "bookworm").role, "build"));
    }

    it("says nothing of a name that it does not know", () => {
      for (const name of ["no-such-package", "", "?", "=", "$PACKAGES", "__proto__", "constructor"]) {
        assert.deepEqual(packageFacts(name, undefined), { role: "unknown" });
        assert.deepEqual(packageFacts(name, "trixie"), { role: "unknown" });
      }
    });

    it("takes a name in `-dev` for development files, and does not know what they stand for", () => {
      assert.deepEqual(packageFacts("libcudnn9-dev", "bookworm"), { role: "build", inBase: false });
    });
  });

  describe("what build packages stand for", () => {
    const expected: Record<string, string | readonly [bullseye: string, bookworm: string, trixie: string]> = {
      "libpq-dev": "libpq5",
      "default-libmysqlclient-dev": "libmariadb3",
      "libxml2-dev": "libxml2",
      "libxslt1-dev": "libxslt1.1",
      "libxslt-dev": "libxslt1.1",
      "libjpeg-dev": "libjpeg62-turbo",
      "zlib1g-dev": "zlib1g",
      "libsqlite3-dev": "libsqlite3-0",
      "libfreetype6-dev": "libfreetype6",
      "libreadline-dev": ["libreadline8", "libreadline8", "libreadline8t64"],
      "libpango1.0-dev": "libpango-1.0-0 libpangocairo-1.0-0 libpangoft2-1.0-0 libpangoxft-1.0-0",
      "libffi-dev": ["libffi7", "libffi8", "libffi8"],
      "libssl-dev": ["libssl1.1", "libssl3", "libssl3t64"],
      "libgeos-dev": ["libgeos-c1v5", "libgeos-c1v5", "libgeos-c1t64"],
      "libgdal-dev": ["libgdal28", "libgdal32", "libgdal36"],
      "libicu-dev": ["libicu67", "libicu72", "libicu76"],
      "libcurl4-openssl-dev": ["libcurl4", "libcurl4", "libcurl4t64"],
      "libpng-dev": ["libpng16-16", "libpng16-16", "libpng16-16t64"],
      "libboost-system-dev": ["libboost-system1.74.0", "libboost-system1.74.0", "libboost-system1.83.0"],
      "python3-dev": ["libpython3.9 python3", "libpython3.11 python3", "libpython3.13 python3"],
      "g++": "libgcc-s1 libgomp1 libstdc++6",
      gcc: "libgcc-s1 libgomp1",
      gfortran: "libgcc-s1 libgfortran5 libgomp1",
      "build-essential": "libc6 libgcc-s1 libgomp1 libstdc++6",
      "libboost-dev": "",
      "libeigen3-dev": "",
      make: "",
      cmake: "",
      "pkg-config": "",
      cargo: "",
    };
    for (const [name, runtime] of Object.entries(expected)) {
      it(name, () => {
        debianReleases.forEach((release, position) => {
          const names = typeof runtime === "string" ? runtime : runtime[position]!;
          assert.deepEqual(packageFacts(name, release).runtime, words(names), release);
        });
        const everywhere = typeof runtime === "string" ? words(runtime) : undefined;
        assert.deepEqual(packageFacts(name, undefined).runtime, everywhere, "where the release is not known");
      });
    }

    it("is not known when the metadata does not tell", () => {
      assert.equal(packageFacts("apache2-dev", "bookworm").runtime, undefined);
    });

    it("is not known for a release without the package", () => {
      assert.deepEqual(packageFacts("gcc-12", "bookworm").runtime, ["libgcc-s1", "libgomp1"]);
      assert.equal(packageFacts("gcc-12", "bullseye").runtime, undefined);
      assert.equal(packageFacts("gcc-12", undefined).runtime, undefined);
    });

    it("is given for build packages alone", () => {
      assert.ok(!("runtime" in packageFacts("git", "bookworm")));
    });
  });

  describe("what the base image holds", () => {
    const inBase = (name: string, release: DebianRelease | undefined) => packageFacts(name, release).inBase;

    it("has what is required and what apt needs", () => {
      for (const name of ["apt", "dpkg", "bash", "libc6", "libgcc-s1", "libstdc++6", "zlib1g", "tzdata"]) {
        assert.equal(inBase(name, undefined), true, name);
      }
    });

    it("has nothing else", () => {
      for (const name of ["curl", "ca-certificates", "perl", "procps", "libpq5", "libgomp1", "gcc", "openssl"]) {
        assert.equal(inBase(name, undefined), false, name);
      }
    });

    it("differs between releases", () => {
      const answers = (name: string) => [...debianReleases, undefined].map((release) => inBase(name, release));
      assert.deepEqual(answers("adduser"), [true, true, false, undefined]);
      assert.deepEqual(answers("libssl3t64"), [false, false, true, undefined]);
      assert.deepEqual(answers("e2fsprogs"), [true, true, false, undefined]);
    });
  });

  describe("the data", () => {
    const text = readFileSync(new URL("../../server/model/data/debian-packages.json", import.meta.url), "utf8");
    const data: Data = JSON.parse(text);
    const packageName = /^[a-z0-9][a-z0-9+.-]+$/;

    it("is small", () => {
      assert.ok(text.length < 150_000, `${text.length}`);
      assert.ok(gzipSync(text).length < 40_000, `${gzipSync(text).length}`);
    });

    it("says where it comes from, and names no mirror", () => {
      assert.match(data.source, /scripts\/generate-debian-packages\.ts/);
      assert.deepEqual(Object.keys(data.releases), debianReleases);
      for (const [release, { version, dates }] of Object.entries(data.releases)) {
        assert.match(version, /^\d+\.\d+$/);
        assert.deepEqual(Object.keys(dates), [release, `${release}-security`, `${release}-updates`]);
        for (const date of Object.values(dates)) assert.match(date, /^\d{4}-\d\d-\d\d$/);
      }
      assert.doesNotMatch(text, /:\/\//);
    });

    it("is sorted, so that the same indexes give the same file", () => {
      const bases = debianReleases.map((release) => words(data.base[release]));
      for (const names of [Object.keys(data.build), words(data.other), ...bases]) {
        assert.deepEqual(names, [...names].sort());
        for (const name of names) assert.match(name, packageName);
      }
    });

    it("has an answer for every release", () => {
      for (const [name, runtime] of Object.entries(data.build)) {
        const answers = runtime.split("|");
        assert.ok(answers.length === 1 || answers.length === debianReleases.length, name);
        assert.notEqual(answers[0], "=", name);
        for (const answer of answers) {
          if (answer !== "?" && answer !== "=")
            assert.deepEqual(words(answer), [...new Set(words(answer))].sort(), name);
        }
      }
    });

    it("stands for nothing that is itself for building", () => {
      for (const name of Object.keys(data.build)) {
        for (const release of debianReleases) {
          for (const runtime of packageFacts(name, release).runtime ?? []) {
            assert.match(runtime, packageName);
            assert.equal(packageFacts(runtime, release).role, "other", `${runtime} of ${name}`);
          }
        }
      }
    });
  });
});

describe("the rules for Debian packages", () => {
  it("finds development files by their names, not documentation", () => {
    const index = makeIndex([
      { name: "libfoo-dev", section: "libdevel" },
      { name: "libfoo-dev-i386", section: "libdevel" },
      { name: "foo-headers", section: "libdevel" },
      { name: "libfoo-tools", section: "libdevel" },
      { name: "manpages-dev", section: "doc" },
    ]);
    assert.deepEqual([...findBuildPackages(index).keys()], ["libfoo-dev", "libfoo-dev-i386", "foo-headers"]);
  });

  it("finds compilers and build tools by debtags, not what may run later", () => {
    const index = makeIndex([
      { name: "compiler", tags: ["devel::compiler"] },
      { name: "interpreter", tags: ["devel::compiler", "devel::interpreter"] },
      { name: "service", tags: ["devel::buildtools", "interface::daemon"] },
      { name: "debugger", tags: ["devel::debugger"] },
      { name: "java", section: "java", tags: ["devel::compiler"] },
    ]);
    assert.deepEqual([...findBuildPackages(index)], [["compiler", "tagged"]]);
  });

  it("finds what is much built with and little used", () => {
    const users = Array.from({ length: 4 }, (_, number) => ({
      name: `user${number}`,
      section: "utils",
      depends: ["used-too", "git"],
    }));
    const index = makeIndex(
      [
        { name: "ninja" },
        { name: "used-too" },
        { name: "i18n", tags: ["devel::i18n"] },
        { name: "git", section: "vcs" },
        ...users,
      ],
      { ninja: 50, "used-too": 79, i18n: 500, git: 500 },
    );
    assert.equal(countUsers(index).get("used-too"), 4);
    assert.deepEqual([...findBuildPackages(index)], [["ninja", "built with"]]);
    const more = makeIndex([...index.packages.values()], { "used-too": 80, ninja: 49 });
    assert.deepEqual([...findBuildPackages(more)], [["used-too", "built with"]]);
  });

  it("finds what goes with a tool", () => {
    const index = makeIndex([
      { name: "gcc", tags: ["devel::compiler"] },
      { name: "gcc-12" },
      { name: "gcc-arm" },
      { name: "gcc-arm-runtime" },
      { name: "gcc-doc", section: "doc" },
      { name: "gccount" },
      { name: "everything", tags: ["devel::packaging"], depends: ["gcc", "libc-dev"] },
      { name: "half", tags: ["devel::packaging"], depends: ["gcc", "gcc-doc"] },
      { name: "frontend", depends: ["gcc", "gcc-doc"] },
      { name: "debugger", depends: ["libc-dev", "gcc-doc"] },
      { name: "libc-dev", section: "libdevel" },
    ]);
    assert.deepEqual(Object.fromEntries(findBuildPackages(index)), {
      gcc: "tagged",
      "libc-dev": "development files",
      "gcc-12": "variant",
      "gcc-arm": "variant",
      everything: "only build packages",
      frontend: "needs a compiler",
    });
  });

  it("follows development files to the libraries of their own source", () => {
    const index = makeIndex([
      {
        name: "libfoo-dev",
        source: "foo",
        section: "libdevel",
        depends: ["libfoo1", "foo-bin", "libfoo-extra-dev", "libbar-dev"],
      },
      { name: "libfoo-extra-dev", source: "foo", section: "libdevel", depends: ["libfoo-extra1"] },
      { name: "libfoo1", source: "foo", section: "libs" },
      { name: "libfoo-extra1", source: "foo", section: "graphics" },
      { name: "foo-bin", source: "foo", section: "utils" },
      { name: "libbar-dev", source: "bar", section: "libdevel", depends: ["libbar1"] },
      { name: "libbar1", source: "bar", section: "libs" },
      { name: "default-libbar-dev", source: "bar-defaults", section: "libdevel", depends: ["libbar-dev"] },
      { name: "libheaders-dev", section: "libdevel" },
      { name: "libwrapper-dev", section: "libdevel", depends: ["libbar-dev"] },
      { name: "server-dev", source: "server", section: "libdevel", depends: ["server"] },
      { name: "server", source: "server", section: "net" },
    ]);
    const runtimePackages = findRuntimePackages(index, findBuildPackages(index));
    assert.deepEqual(runtimePackages("libfoo-dev"), ["libfoo-extra1", "libfoo1"]);
    assert.deepEqual(runtimePackages("default-libbar-dev"), ["libbar1"]);
    assert.deepEqual(runtimePackages("libheaders-dev"), []);
    assert.equal(runtimePackages("libwrapper-dev"), undefined, "headers that need those of others");
    assert.equal(runtimePackages("server-dev"), undefined, "files for the plugins of a program");
    assert.equal(runtimePackages("libbar1"), undefined, "no build package");
  });
});

type Data = {
  readonly source: string;
  readonly releases: Record<string, { readonly version: string; readonly dates: Record<string, string> }>;
  readonly base: Record<DebianRelease, string>;
  readonly build: Record<string, string>;
  readonly other: string;
};

type Sketch = {
  readonly name: string;
  readonly source?: string;
  readonly section?: string;
  readonly depends?: readonly (string | readonly string[])[];
  readonly tags?: Iterable<string>;
};

function makeIndex(sketches: readonly Sketch[], builtWith: Record<string, number> = {}): DebianIndex {
  const packages = sketches.map(
    ({ name, source, section, depends, tags }): DebianPackage => ({
      ...{ name, source: source ?? name, section: section ?? "devel", version: "1", priority: "optional" },
      ...{ architecture: "amd64", installedSize: 500, recommends: [], provides: [], summary: "" },
      depends: (depends ?? []).map((group) => (typeof group === "string" ? [group] : group)),
      tags: new Set(tags),
    }),
  );
  return {
    ...{ release: "test", version: "1", dates: {}, providers: new Map(), base: new Set() },
    packages: new Map(packages.map((each) => [each.name, each])),
    builtWith: new Map(Object.entries(builtWith)),
  };
}

function words(text: string): string[] {
  return text.split(" ").filter((word) => word !== "");
}
