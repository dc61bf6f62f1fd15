/** Small tables for tests, and those of the package. */
import { readFileSync } from "node:fs";
import { SIZE_RELEASES, type SizeRelease, SizeTable, type TableData } from "../../server/size/table.ts";

export interface Given {
  readonly name: string;
  /** In kB. */
  readonly files?: number;
  readonly dropped?: number;
  readonly python?: number;
  readonly templates?: number;
  /** `a|b c`: groups of alternatives. */
  readonly depends?: string;
  readonly recommends?: string;
  readonly inBase?: boolean;
  readonly summary?: string;
}

/** @param virtual names and the packages that provide them. */
export function tableDataOf(given: readonly Given[], virtual: Readonly<Record<string, string>> = {}): TableData {
  const names = [...given.map(({ name }) => name), ...Object.keys(virtual)];
  const number = (name: string): string => names.indexOf(name).toString(36);
  const groups = (text = ""): string => text.replace(/[^ |]+/g, number);
  return {
    release: "bookworm",
    version: "12.0",
    dates: {},
    sections: "misc",
    base: given
      .filter(({ inBase }) => inBase)
      .map(({ name }) => number(name))
      .join(" "),
    packages: given
      .map(({ name, files = 0, dropped = 0, python = 0, templates = 0, depends, recommends, summary = "" }) =>
        [name, "0", files, dropped, python, templates, groups(depends), groups(recommends), summary].join(";"),
      )
      .join("\n"),
    virtual: Object.entries(virtual)
      .map(([name, providers]) => `${name};${groups(providers)}`)
      .join("\n"),
  };
}

export function readTable(release: SizeRelease): TableData {
  return JSON.parse(readFileSync(`server/size/data/debian-${release}.json`, "utf8")) as TableData;
}

let tables: Readonly<Record<SizeRelease, SizeTable>> | undefined;

/** The tables of the package, read once. */
export function realTables(): Readonly<Record<SizeRelease, SizeTable>> {
  tables ??= Object.fromEntries(
    SIZE_RELEASES.map((release) => [release, new SizeTable(readTable(release))]),
  ) as unknown as Record<SizeRelease, SizeTable>;
  return tables;
}
