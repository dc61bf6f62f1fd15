import assert from "node:assert/strict";
import { resolve } from "../../server/size/resolve.ts";
import { SizeTable } from "../../server/size/table.ts";
import { realTables, tableDataOf } from "./tables.ts";

describe("resolve", () => {
  const table = new SizeTable(
    tableDataOf(
      [
        { name: "libc6", inBase: true },
        { name: "git", depends: "libc6 perl", recommends: "less|pager ssh-client" },
        { name: "perl", depends: "libc6" },
        { name: "less", depends: "libc6" },
        { name: "most", depends: "libc6" },
        { name: "openssh-client", depends: "libssl", recommends: "xauth" },
        { name: "dropbear", depends: "libc6" },
        { name: "libssl" },
        { name: "xauth" },
        { name: "a", depends: "b" },
        { name: "b", depends: "a" },
      ],
      { pager: "less most", "ssh-client": "openssh-client dropbear", "only-one": "perl" },
    ),
  );
  const names = (wanted: string, withRecommends: boolean, installed = ""): string => {
    const find = (name: string) => table.find(name)!;
    const there = new Set([...table.base, ...installed.split(" ").filter(Boolean).map(find)]);
    return resolve(wanted.split(" ").map(find), there, withRecommends)
      .map(({ name }) => name)
      .join(" ");
  };

  it("takes what is needed, and not what the base has", () => {
    assert.equal(names("git", false), "git perl");
  });

  it("takes what is recommended, what that needs, and what that recommends", () => {
    assert.equal(names("git", true), "git perl less openssh-client libssl xauth");
  });

  it("is content with an alternative that is there, or with one that is asked for", () => {
    assert.equal(names("git", true, "most"), "git perl openssh-client libssl xauth");
    assert.equal(names("git dropbear", true), "git dropbear perl less");
  });

  it("takes nothing for what is installed already, and ends where packages need each other", () => {
    assert.equal(names("git", true, "git"), "");
    assert.equal(names("a", false), "a b");
  });

  it("finds the one package that provides a name, and none where there is a choice", () => {
    assert.equal(table.find("only-one")?.name, "perl");
    assert.equal(table.find("pager"), undefined);
    assert.equal(table.find("no-such-package"), undefined);
  });
});

describe("tables of sizes", () => {
  for (const [release, table] of Object.entries(realTables())) {
    it(`${release}: the base has what Debian's image has, and every group leads to packages`, () => {
      const base = table.base.map(({ name }) => name);
      for (const name of ["apt", "bash", "dpkg", "libc6", "perl-base"]) assert.ok(base.includes(name), name);
      assert.ok(!base.includes("curl"));
      assert.equal(new Set(base).size, base.length);
      // What the base's packages need is in the base.
      const missing = resolve(table.base, new Set(), false).filter((one) => !table.base.includes(one));
      assert.deepEqual(
        missing.map(({ name }) => name),
        [],
      );
      for (const name of ["git", "curl", "build-essential", "ffmpeg", "nginx", "postgresql-client"]) {
        const found = table.find(name);
        assert.ok(found && found.files > 1000 && found.summary !== "", name);
        for (const group of [...found.depends, ...found.recommends])
          assert.ok(
            group.every((providers) => providers.length > 0 && providers.every(Boolean)),
            name,
          );
      }
    });
  }

  it("bookworm: what apt takes for curl, without and with what is only recommended", () => {
    const table = realTables().bookworm;
    const added = (withRecommends: boolean): readonly string[] =>
      resolve([table.find("curl")!], new Set(table.base), withRecommends).map(({ name }) => name);
    const without = added(false);
    for (const name of ["curl", "libcurl4", "libnghttp2-14", "libssh2-1", "libssl3"])
      assert.ok(without.includes(name), name);
    assert.ok(!without.includes("ca-certificates") && !without.includes("libc6"));
    assert.ok(added(true).includes("ca-certificates"));
  });
});
