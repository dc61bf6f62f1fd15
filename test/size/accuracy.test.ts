/** Holds the estimates to what installations really added: `measured.json`, which `npm run size:measure` writes. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { Dockerfile } from "../../server/model/dockerfile.ts";
import { estimateSizes } from "../../server/size/estimate.ts";
import { SIZE_RELEASES } from "../../server/size/table.ts";
import { realTables } from "./tables.ts";

interface Measurement {
  readonly release: string;
  readonly packages: string;
  readonly recommends: boolean;
  readonly fitted: boolean;
  readonly full: number;
  readonly slim: number;
  readonly slimAlone?: number;
  readonly count: number;
}

const measured = JSON.parse(readFileSync("test/size/measured.json", "utf8")) as readonly Measurement[];
const sets = JSON.parse(readFileSync("test/size/package-sets.json", "utf8")) as Readonly<Record<string, string[]>>;

describe("estimates against real growth", () => {
  it("keeps what the facts were learned from apart from what they are tested with", () => {
    const shared = sets["fitted"]!.filter((one) => sets["held out"]!.includes(one));
    assert.deepEqual(shared, []);
    for (const { packages, fitted } of measured)
      assert.ok(sets[fitted ? "fitted" : "held out"]!.includes(packages), packages);
  });

  it("takes from the full image's growth what a slim image leaves out, as measured on slim images themselves", () => {
    const both = measured.filter(({ slimAlone }) => slimAlone !== undefined);
    assert.ok(both.length >= 8);
    for (const { packages, slim, slimAlone } of both)
      assert.ok(Math.abs(slimAlone! - slim) <= 0.002 * slim, `${packages}: ${slim}, ${slimAlone}`);
  });

  for (const release of SIZE_RELEASES) {
    const heldOut = measured.filter((one) => one.release === release && !one.fitted);

    it(`${release}: is tested with at least 40 sets, with and without recommended packages`, () => {
      for (const recommends of [false, true]) {
        const own = new Set(heldOut.filter((one) => one.recommends === recommends).map(({ packages }) => packages));
        assert.ok(own.size >= 40, `${own.size}`);
      }
    });

    for (const image of ["full", "slim"] as const) {
      it(`debian:${release}${image === "slim" ? "-slim" : ""}: off by at most 3 % (median), nine in ten by at most 10 %`, () => {
        const errors = heldOut.map((one) => ({ one, error: errorOf(one, image) }));
        errors.sort((a, b) => Math.abs(a.error) - Math.abs(b.error));
        const worst = errors.slice(-8).map(({ one, error }) => `${one.packages}: ${(100 * error).toFixed(1)} %`);
        assert.ok(Math.abs(errors[Math.floor(errors.length / 2)]!.error) <= 0.03, worst.join("\n"));
        const within = errors.filter(({ error }) => Math.abs(error) <= 0.1).length;
        assert.ok(within >= 0.9 * errors.length, worst.join("\n"));
      });
    }
  }
});

describe("docs/sizes.md", () => {
  it("has the errors that the measurements give (UPDATE=1 writes them)", () => {
    const text = readFileSync("docs/sizes.md", "utf8");
    const updated = text.replace(
      /(<!-- accuracy -->\n)[\s\S]*?(<!-- \/accuracy -->)/,
      (_, start: string, end: string) => `${start}${accuracyTable()}${end}`,
    );
    if (process.env["UPDATE"]) writeFileSync("docs/sizes.md", updated);
    else assert.equal(text, updated);
  });
});

function accuracyTable(): string {
  const rows = SIZE_RELEASES.flatMap((release) =>
    (["full", "slim"] as const).map((image) => {
      const own = measured.filter((one) => one.release === release && !one.fitted);
      const errors = own.map((one) => Math.abs(errorOf(one, image))).toSorted((a, b) => a - b);
      const percent = (error: number): string => `${(100 * error).toFixed(1)} %`;
      const within = errors.filter((error) => error <= 0.1).length;
      const name = `debian:${release}${image === "slim" ? "-slim" : ""}`;
      const [median, ninth] = [0.5, 0.9].map((part) => percent(errors[Math.floor(errors.length * part)]!));
      return `| \`${name}\` | ${errors.length} | ${median} | ${ninth} | ${percent(errors.at(-1)!)} | ${within} |\n`;
    }),
  );
  return `\n| on | installations | median error | nine in ten | worst | within 10 % |\n| --- | --- | --- | --- | --- | --- |\n${rows.join("")}\n`;
}

function errorOf({ release, packages, recommends, ...real }: Measurement, image: "full" | "slim"): number {
  const flag = recommends ? "" : " --no-install-recommends";
  const text = `FROM debian:${release}${image === "slim" ? "-slim" : ""}\nRUN apt-get update && apt-get install -y${flag} ${packages} && rm -rf /var/lib/apt/lists/*\n`;
  const { instructions } = estimateSizes(new Dockerfile(text), { tables: realTables() });
  assert.deepEqual(instructions[0]!.unknown, [], packages);
  return instructions[0]!.bytes / real[image] - 1;
}
