import assert from "node:assert/strict";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { findDockerfiles, isDockerfileName } from "../../server/cli/find.ts";
import { folderOf } from "./host.ts";

describe("finding Dockerfiles", () => {
  /** The paths found, in a folder with these files. */
  async function find(files: readonly string[], operands: readonly string[] = ["."], texts = {}) {
    const folder = folderOf({ ...Object.fromEntries(files.map((path) => [path, ""])), ...texts });
    const { paths, problems } = await findDockerfiles(operands, folder);
    return { paths, problems: problems.map(({ message }) => message), folder };
  }

  it("knows their names", () => {
    const names = ["Dockerfile", "dockerfile", "Containerfile", "containerfile", "Dockerfile.dev", "Containerfile.dev"];
    names.push("app.Dockerfile", "app.dockerfile", "app.containerfile", "app.Containerfile", "Dockerfile.a.b");
    assert.deepEqual(names.filter(isDockerfileName), names);
    const others = ["dockerfile.ts", "Dockerfile.dockerignore", "app.Dockerfile.dockerignore", ".dockerignore"];
    others.push("Dockerfiles", "MyDockerfile", "Dockerfile-dev", ".dockerfile", "docker-compose.yml");
    assert.deepEqual(others.filter(isDockerfileName), []);
  });

  it("looks into folders, in the order of the paths", async () => {
    const files = ["b/Dockerfile", "a/b/c/app.dockerfile", "Dockerfile", "a/Containerfile", "a/readme.md"];
    const { paths, problems } = await find(files);
    assert.deepEqual(paths, ["Dockerfile", "a/Containerfile", "a/b/c/app.dockerfile", "b/Dockerfile"]);
    assert.deepEqual(problems, []);
  });

  it("shows paths as they were given", async () => {
    const { folder } = await find(["a/b/Dockerfile"]);
    const absolute = join(folder, "a");
    for (const [operand, expected] of [
      ["a", "a/b/Dockerfile"],
      ["./a/", "a/b/Dockerfile"],
      ["a/b/Dockerfile", "a/b/Dockerfile"],
      [absolute, `${absolute}/b/Dockerfile`],
    ] as const) {
      assert.deepEqual((await findDockerfiles([operand], folder)).paths, [expected]);
    }
    assert.deepEqual((await findDockerfiles(["../b"], join(folder, "a", "b"))).paths, ["../b/Dockerfile"]);
  });

  it("takes a file that is named, whatever its name and though it is ignored", async () => {
    const files = ["build.txt", "ignored/Dockerfile", "node_modules/x/Dockerfile"];
    const { paths } = await find(files, files, { ".gitignore": "ignored\n*.txt\n" });
    assert.deepEqual(paths, ["build.txt", "ignored/Dockerfile", "node_modules/x/Dockerfile"]);
  });

  it("names each file once", async () => {
    const { paths } = await find(["a/Dockerfile"], ["a", "a/Dockerfile", "./a/../a/Dockerfile", "."]);
    assert.deepEqual(paths, ["a/Dockerfile"]);
  });

  it("never enters .git and node_modules", async () => {
    const { paths } = await find([
      ".git/Dockerfile",
      "node_modules/x/Dockerfile",
      "a/node_modules/Dockerfile",
      "b/Dockerfile",
    ]);
    assert.deepEqual(paths, ["b/Dockerfile"]);
  });

  it("says so when there is none, unless another operand has those in it", async () => {
    const { problems } = await find(["empty/x", "a/Dockerfile"], ["empty", "a", "a"]);
    assert.equal(problems.length, 1);
    assert.match(problems[0]!, /^there is no Dockerfile in "empty"; /);
  });

  describe("with .gitignore", () => {
    const cases: readonly {
      readonly what: string;
      readonly ignores: Readonly<Record<string, string>>;
      readonly files: readonly string[];
      readonly found: readonly string[];
    }[] = [
      {
        what: "a folder",
        ignores: { ".gitignore": "vendor/\n" },
        files: ["vendor/Dockerfile", "a/vendor/Dockerfile", "a/Dockerfile"],
        found: ["a/Dockerfile"],
      },
      {
        what: "a file nested in a folder, for what is below it",
        ignores: { "a/.gitignore": "Dockerfile.*\n/b\n" },
        files: ["a/Dockerfile.x", "a/c/Dockerfile.x", "a/b/Dockerfile", "a/c/b/Dockerfile", "Dockerfile.x"],
        found: ["Dockerfile.x", "a/c/b/Dockerfile"],
      },
      {
        what: "a nested file that takes something back",
        ignores: { ".gitignore": "Dockerfile.*\na/*\n", "a/.gitignore": "!keep/\n!Dockerfile.dev\n" },
        files: [
          "a/keep/Dockerfile",
          "a/keep/Dockerfile.dev",
          "a/lost/Dockerfile",
          "a/Dockerfile.dev",
          "Dockerfile.dev",
        ],
        found: ["a/Dockerfile.dev", "a/keep/Dockerfile", "a/keep/Dockerfile.dev"],
      },
      {
        what: "nothing taken back in a folder that is left out as a whole",
        ignores: { ".gitignore": "a/\n", "a/.gitignore": "!Dockerfile\n" },
        files: ["a/Dockerfile", "Dockerfile"],
        found: ["Dockerfile"],
      },
      {
        what: "comments, blanks, CRLF, letter case and a byte order mark",
        ignores: { "a/.gitignore": "\ufeff# x\r\n\r\n  \r\nB\r\n\\#c\r\nd/e  \r\n" },
        files: ["a/b/Dockerfile", "a/B/Dockerfile", "a/#c/Dockerfile", "a/d/e/Dockerfile", "a/x/d/e/Dockerfile"],
        found: ["a/b/Dockerfile", "a/x/d/e/Dockerfile"],
      },
      {
        what: "a folder with characters of patterns in its name",
        ignores: { "[a] !*/.gitignore": "/Dockerfile\n" },
        files: ["[a] !*/Dockerfile", "a !x/Dockerfile"],
        found: ["a !x/Dockerfile"],
      },
    ];
    for (const { what, ignores, files, found } of cases) {
      it(`leaves out ${what}`, async () => {
        assert.deepEqual((await find(files, ["."], ignores)).paths, found);
      });
    }

    it("listens to the files above the folder that is named, up to the repository's", async () => {
      const ignores = { ".gitignore": "Dockerfile\n", "repository/.gitignore": "*.dockerfile\n" };
      const files = ["repository/a/b/Dockerfile", "repository/a/b/x.dockerfile"];
      const { folder } = await find(files, ["."], ignores);
      mkdirSync(join(folder, "repository", ".git"));
      const { paths } = await findDockerfiles(["repository/a"], folder);
      assert.deepEqual(paths, ["repository/a/b/Dockerfile"]);
    });

    it("looks into a folder that is named though it is ignored", async () => {
      const { folder } = await find(["dist/a/Dockerfile"], ["."], { ".gitignore": "dist\n" });
      mkdirSync(join(folder, ".git"));
      assert.deepEqual((await findDockerfiles(["dist"], folder)).paths, ["dist/a/Dockerfile"]);
      assert.deepEqual((await findDockerfiles(["dist/a"], folder)).paths, ["dist/a/Dockerfile"]);
    });
  });

  describe("with symbolic links", () => {
    it("follows those to files, and no others", async () => {
      const { folder } = await find(["a/Dockerfile", "real"]);
      symlinkSync("..", join(folder, "a", "loop"));
      symlinkSync("a", join(folder, "b"));
      symlinkSync("real", join(folder, "Dockerfile"));
      symlinkSync("nowhere", join(folder, "Dockerfile.broken"));
      symlinkSync("a", join(folder, "Dockerfile.folder"));
      const { paths, problems } = await findDockerfiles(["."], folder);
      assert.deepEqual(paths, ["Dockerfile", "a/Dockerfile"]);
      assert.deepEqual(problems, []);
    });

    it("looks into a link to a folder that is named", async () => {
      const { folder } = await find(["a/Dockerfile"]);
      symlinkSync("a", join(folder, "b"));
      assert.deepEqual((await findDockerfiles(["b"], folder)).paths, ["b/Dockerfile"]);
    });
  });
});
