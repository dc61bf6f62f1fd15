/** Writes the names of the SPDX licence list, from the npm package `spdx-license-ids` (CC0) that is installed with the tools. */
import { readFileSync, writeFileSync } from "node:fs";

const folder = "node_modules/spdx-license-ids";
const read = (file: string): unknown => JSON.parse(readFileSync(`${folder}/${file}`, "utf8"));
const { version } = read("package.json") as { version: string };
const licences = [...(read("index.json") as string[]), ...(read("deprecated.json") as string[])].sort();
const source = `spdx-license-ids ${version}, https://spdx.org/licenses/`;
writeFileSync("server/model/data/spdx-licences.json", `${JSON.stringify({ source, licences }, null, 1)}\n`);
