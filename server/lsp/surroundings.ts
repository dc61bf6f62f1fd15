import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { findSecretValues } from "../context/secrets.ts";
import type { Surroundings } from "./server.ts";

export function nodeSurroundings(distribution: string): Surroundings {
  const root = join(distribution, "..");
  return {
    version: "0.1.0",
    gatherContext: async (_uri, text) => ({ secrets: await findSecretValues(text) }),
    readPage: async (id) => {
      if (!/^[a-z0-9-]+$/.test(id)) return undefined;
      try {
        return await readFile(join(root, "server", "rules", `${id}.md`), "utf8");
      } catch {
        return undefined;
      }
    },
  };
}
