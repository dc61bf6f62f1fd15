import assert from "node:assert/strict";
import { diskMeasure, diskTables } from "../../server/context/size-data.ts";
import { Sizes } from "../../server/context/sizes.ts";
import { Dockerfile } from "../../server/model/dockerfile.ts";
import { folderOf } from "../cli/host.ts";

describe("sizes of the build context", () => {
  const bytesOf = async (
    files: Readonly<Record<string, string>>,
    copy: string,
    ignored: string | null | "unknown" = null,
  ): Promise<readonly [number, ...string[]]> => {
    const dockerfile = new Dockerfile(`FROM scratch\n${copy}\n`, {
      files: ignored === "unknown" ? {} : { ".dockerignore": ignored },
    });
    const { instructions } = await new Sizes(diskTables(".")).estimate(dockerfile, diskMeasure(folderOf(files)));
    const { bytes, unknown } = instructions[0]!;
    return [bytes, ...unknown];
  };
  const files = { "a/one": "12345", "a/two.log": "123", "b/deep/three": "1234567", four: "1" };

  it("are those of files and of all that folders hold", async () => {
    assert.deepEqual(await bytesOf(files, "COPY four a/one /x/"), [6]);
    assert.deepEqual(await bytesOf(files, "COPY ./a/ /x"), [8]);
    assert.deepEqual(await bytesOf(files, "COPY . ."), [16]);
  });

  it("leave out what .dockerignore does, and count what it brings back", async () => {
    assert.deepEqual(await bytesOf(files, "COPY . .", "**/*.log\nb\n"), [6]);
    assert.deepEqual(await bytesOf(files, "COPY . .", "*\n!b/deep\n"), [7]);
    assert.deepEqual(await bytesOf(files, "COPY . .", "unknown"), [0, "what `.` holds"]);
  });

  it("are not known of what is missing, outside, a pattern or in a variable", async () => {
    assert.deepEqual(await bytesOf(files, "COPY nosuch /x"), [0, "what `nosuch` holds"]);
    assert.deepEqual(await bytesOf(files, "COPY *.log /x/"), [0, "what `*.log` holds"]);
    assert.deepEqual(await bytesOf(files, "ARG P\nCOPY $P /x/"), [0, "what `$P` holds"]);
  });

  it("are not known of a folder with thousands of files", async () => {
    const many = Object.fromEntries(Array.from({ length: 4100 }, (_, index) => [`m/${index}`, ""]));
    assert.deepEqual(await bytesOf(many, "COPY m /x"), [0, "what `m` holds"]);
  });

  it("come from tables that are loaded once, and for Debian's releases alone", async () => {
    const asked: string[] = [];
    const sizes = new Sizes({
      loadTable: async (release) => {
        asked.push(release);
        return diskTables(".").loadTable(release);
      },
    });
    const text = "FROM debian:trixie-slim\nRUN apt-get update && apt-get install -y curl\n";
    const { bytes } = await sizes.sizeOf(new Dockerfile(text));
    await sizes.sizeOf(new Dockerfile(text));
    await sizes.sizeOf(new Dockerfile("FROM alpine:3.20\n"));
    assert.ok(bytes! > 100_000_000 && bytes! < 130_000_000, String(bytes));
    assert.deepEqual(asked, ["trixie"]);
  });

  it("do without a table that cannot be had", async () => {
    const sizes = new Sizes({ loadTable: async () => Promise.reject(new Error("gone")) });
    const { unknown } = await sizes.sizeOf(new Dockerfile("FROM debian:12\nRUN apt-get install -y curl\n"));
    assert.deepEqual(unknown, ["what apt-get installs"]);
  });
});
