import assert from "node:assert/strict";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { diskFiles } from "../../server/context/disk.ts";
import { type Files, gatherContext } from "../../server/context/gather.ts";
import { findPackageRoot, readPage, readVersion, titleOf } from "../../server/context/pages.ts";
import { folderOf } from "./host.ts";

describe("the context of a Dockerfile", () => {
  const text = "FROM debian:12\n";

  async function filesOf(
    files: Readonly<Record<string, string>>,
    dockerfile = text,
    path = "Dockerfile",
    directory = ".",
  ) {
    const context = await gatherContext({ text: dockerfile, path, directory }, diskFiles(folderOf(files)));
    return context.files ?? {};
  }

  it("has the texts of manifests, and of lock files only that they are there", async () => {
    const files = await filesOf({ "package.json": "{}", "package-lock.json": "{ huge }", "readme.md": "" });
    assert.equal(files["package.json"], "{}");
    assert.equal(files["package-lock.json"], "");
    assert.equal(files["yarn.lock"], null);
    assert.equal(files["requirements.txt"], null);
    assert.equal(files[".dockerignore"], null);
    assert.ok(!("readme.md" in files));
  });

  it("prefers the .dockerignore that belongs to the Dockerfile", async () => {
    const both = { "a/x.Dockerfile.dockerignore": "own", ".dockerignore": "shared" };
    assert.equal((await filesOf(both, text, "a/x.Dockerfile"))[".dockerignore"], "own");
    assert.equal((await filesOf(both, text, "a/y.Dockerfile"))[".dockerignore"], "shared");
    assert.equal((await filesOf({ "a/x.dockerignore": "" }, text, "a/x"))[".dockerignore"], "");
  });

  it("has the scripts that the container starts, and those that they call", async () => {
    const present = {
      "docker/start.sh": "#!/bin/sh\n. /app/bin/wait\nexec serve",
      "bin/wait": "#!/bin/sh\nsleep 1\n",
      "bin/other": "#!/bin/sh\n",
    };
    const dockerfile = 'FROM a\nWORKDIR /app\nCOPY docker/*.sh /\nCOPY . .\nENTRYPOINT ["tini", "--", "/start.sh"]\n';
    const files = await filesOf(present, dockerfile);
    assert.equal(files["docker/start.sh"], present["docker/start.sh"]);
    assert.equal(files["bin/wait"], present["bin/wait"]);
    assert.ok(!("bin/other" in files));
  });

  it("looks into the folders that COPY names", async () => {
    const present = { "web/package.json": "{}", "api/go.mod": "module api", "x/uv.lock": "", "a.b/yarn.lock": "" };
    const dockerfile =
      "FROM a AS b\nCOPY web/package.json web/package-lock.json ./\nADD ./api /src/\nCOPY --from=b x /\nCOPY $X/y *.z main.py a.b/ .\nCOPY ../up /\nCOPY cmd/*.mod cmd.d/v*/x ./\n";
    const files = await filesOf(present, dockerfile);
    assert.equal(files["web/package.json"], "{}");
    assert.equal(files["web/package-lock.json"], null);
    assert.equal(files["api/go.mod"], "module api");
    assert.equal(files["a.b/yarn.lock"], "");
    const manifests = Object.keys(files).filter((path) => path.endsWith("go.mod"));
    assert.deepEqual(manifests.sort(), ["a.b/go.mod", "api/go.mod", "cmd/go.mod", "go.mod", "up/go.mod", "web/go.mod"]);
  });

  it("knows nothing of what cannot be read, is too long or no text", async () => {
    const folder = folderOf({
      "package.json": "x".repeat(256 * 1024 + 1),
      "go.mod": Buffer.from([0xff]),
      "pom.xml/x": "",
    });
    const { files } = await gatherContext({ text, path: "Dockerfile", directory: "." }, diskFiles(folder));
    for (const name of ["package.json", "go.mod", "pom.xml"]) assert.ok(!(name in files!), name);
    assert.equal(await diskFiles(folder).read("a.py/go.mod", 10), null);
    assert.equal(await diskFiles(folder).exists("a.py/go.mod"), false);
    assert.equal(await diskFiles(folder).exists("a.py/\0"), undefined);
    if (process.getuid?.() !== 0) {
      chmodSync(join(folder, "go.mod"), 0);
      assert.equal(await diskFiles(folder).read("go.mod", 10), undefined);
    }
  });

  it("knows no files where the build context is not known, and none that a file system does not tell of", async () => {
    const { today, ...known } = await gatherContext({ text }, diskFiles("."));
    assert.match(today!, /^\d{4}-\d\d-\d\d$/);
    assert.deepEqual(known, { secrets: [] });
    const asked: string[] = [];
    const silent: Files = {
      async read(path) {
        asked.push(path);
        return undefined;
      },
      async exists() {
        return undefined;
      },
    };
    const place = { text, path: "memfs:/a/Dockerfile", directory: "memfs:/a" };
    const ignoreFile = "memfs:/a/Dockerfile.dockerignore";
    assert.deepEqual(await gatherContext(place, silent), {
      path: place.path,
      files: {},
      ignoreFile,
      secrets: [],
      today,
    });
    assert.equal(asked[0], ignoreFile);
    assert.ok(asked.includes("memfs:/a/package.json"));
  });

  it("lists the files where a compiler gets all of them, or Python looks for modules, but for those of tools, and not too many", async () => {
    const files = { "main.go": "", "web/a/b.html": "", "web/node_modules/x/y.js": "", ".git/HEAD": "" };
    const treeOf = async (dockerfile: string, more: Record<string, string> = {}) => {
      const folder = folderOf({ ...files, ...more });
      const { tree } = await gatherContext({ text: dockerfile, path: "Dockerfile", directory: "." }, diskFiles(folder));
      return tree && [...tree].sort();
    };
    const whole = "FROM golang:1.25\nWORKDIR /app\nCOPY . .\n";
    assert.deepEqual(await treeOf(whole), ["main.go", "web/a/b.html"]);
    assert.equal(await treeOf("FROM php:8\nCOPY . .\n"), undefined);
    assert.deepEqual(await treeOf("FROM python:3.12\nCOPY web .\n"), ["main.go", "web/a/b.html"]);
    assert.equal(await treeOf("FROM golang:1.25\nCOPY main.go .\n"), undefined);
    const many = Object.fromEntries(Array.from({ length: 2001 }, (_, index) => [`f/${index}`, ""]));
    assert.equal(await treeOf(whole, many), undefined);
  });

  it("has the manifests of the parts that a project of Java or .NET is made of", async () => {
    const parts = { "shop.sln": "1", "src/Api/Api.csproj": "2", "src/Directory.Build.props": "3", "core/pom.xml": "4" };
    const folder = folderOf({ ...parts, "src/Api/Program.cs": "", "core/target/pom.xml": "" });
    const filesOf = async (text: string) =>
      (await gatherContext({ text, path: "Dockerfile", directory: "." }, diskFiles(folder))).files;
    for (const image of ["mcr.microsoft.com/dotnet/sdk:9.0", "maven:3.9"]) {
      const files = await filesOf(`FROM ${image}\n`);
      assert.deepEqual({ ...files, ...parts }, files);
      assert.ok(!("src/Api/Program.cs" in files!) && !("core/target/pom.xml" in files!));
    }
    assert.ok(!("core/pom.xml" in (await filesOf("FROM node:22\n"))!));
  });

  it("has the secrets of the text", async () => {
    const secret = ["AKIA", "Z7Q4M2X9K1L8P3W5"].join("");
    const { secrets } = await gatherContext({ text: `${text}# ${secret}\n` }, diskFiles("."));
    assert.deepEqual(
      secrets?.map(({ start, end }) => [start, end]),
      [[text.length + 2, text.length + 2 + secret.length]],
    );
  });
});

describe("the package", () => {
  it("is found from the sources and from the bundles", async () => {
    const root = findPackageRoot("server/cli");
    assert.equal(findPackageRoot(join(root, "dist", "chunks")), root);
    assert.match(readVersion(root), /^\d+\.\d+\.\d+/);
    assert.equal(titleOf((await readPage(root, "recommended-packages"))!), "Recommended packages");
    assert.equal(await readPage(root, "no-such-rule"), undefined);
    assert.equal(await readPage(root, "../../readme"), undefined);
    assert.throws(() => findPackageRoot("/"), /is not inside the package of Plimsoll/);
  });
});
