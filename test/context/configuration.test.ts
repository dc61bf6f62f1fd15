import assert from "node:assert/strict";
import { findConfiguration } from "../../server/context/configuration.ts";
import type { Files } from "../../server/context/gather.ts";

/** A file system of these files; `undefined`: there is one that cannot be read. */
function filesOf(texts: Readonly<Record<string, string | undefined>>): Files {
  return {
    read: async (path) => (Object.hasOwn(texts, path) ? texts[path] : null),
    exists: async (path) => Object.hasOwn(texts, path),
  };
}

async function find(texts: Readonly<Record<string, string | undefined>>, folder: string, top?: string) {
  const found = await findConfiguration(folder, top, filesOf(texts));
  return found.map(({ kind, path, text }) => [kind, path, text]);
}

describe("configuration files", () => {
  it("are the nearest of each kind, ours first, up to the root of the repository", async () => {
    const texts = {
      "/.plimsoll.yaml": "outside",
      "/home/repo/.git/HEAD": "",
      "/home/repo/.plimsoll.yaml": "root",
      "/home/repo/.hadolint.yml": "root",
      "/home/repo/a/.hadolint.yaml": "a",
      "/home/repo/a/b/.plimsoll.yml": "b",
    };
    assert.deepEqual(await find(texts, "/home/repo/a/b"), [
      ["plimsoll", "/home/repo/a/b/.plimsoll.yml", "b"],
      ["hadolint", "/home/repo/a/.hadolint.yaml", "a"],
    ]);
    assert.deepEqual(await find(texts, "/home/repo/c/d/"), [
      ["plimsoll", "/home/repo/.plimsoll.yaml", "root"],
      ["hadolint", "/home/repo/.hadolint.yml", "root"],
    ]);
    assert.deepEqual(await find(texts, "/home/repo", "/"), [
      ["plimsoll", "/home/repo/.plimsoll.yaml", "root"],
      ["hadolint", "/home/repo/.hadolint.yml", "root"],
    ]);
  });

  it("end at a work tree or a submodule, where .git is a file", async () => {
    const texts = { "/r/.git/HEAD": "", "/r/.plimsoll.yaml": "outer", "/r/sub/.git": "gitdir: ..." };
    assert.deepEqual(await find(texts, "/r/sub/x"), []);
  });

  it("outside of a repository are looked for up to the top, and no further", async () => {
    const texts = { "/.hadolint.yaml": "root", "/w/.hadolint.yaml": "w" };
    assert.deepEqual(await find(texts, "/w/a/b", "/w"), [["hadolint", "/w/.hadolint.yaml", "w"]]);
    assert.deepEqual(await find(texts, "/w/a/b", "/w/a"), []);
    assert.deepEqual(await find(texts, "/w/a/b"), []);
    assert.deepEqual(await find(texts, "/w/a/b", "/other"), []);
    assert.deepEqual(await find(texts, "/w/a", "/"), [["hadolint", "/w/.hadolint.yaml", "w"]]);
    assert.deepEqual(await find(texts, "/x", "/"), [["hadolint", "/.hadolint.yaml", "root"]]);
  });

  it("that cannot be read are there all the same", async () => {
    assert.deepEqual(await find({ "/w/.plimsoll.yaml": undefined, "/w/.plimsoll.yml": "x" }, "/w"), [
      ["plimsoll", "/w/.plimsoll.yaml", undefined],
    ]);
  });

  it("can be in any file system", async () => {
    const texts = { "memfs:/a/.plimsoll.yaml": "a", "c:/x/.git/HEAD": "", "c:/x/.hadolint.yaml": "x" };
    assert.deepEqual(await find(texts, "memfs:/a/b", "memfs:/a"), [["plimsoll", "memfs:/a/.plimsoll.yaml", "a"]]);
    assert.deepEqual(await find(texts, "c:/x/y"), [["hadolint", "c:/x/.hadolint.yaml", "x"]]);
    const silent: Files = { read: async () => undefined, exists: async () => undefined };
    assert.deepEqual(await findConfiguration("/w", undefined, silent), []);
  });
});
