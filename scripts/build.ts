/** Bundles the extension's client, the language server and the command line into `dist/`. `--watch` keeps at it. */
import { rmSync } from "node:fs";
import { type BuildOptions, context } from "esbuild";

const watch = process.argv.includes("--watch");
const common: BuildOptions = {
  bundle: true,
  platform: "node",
  target: "node20",
  // Names stay, so that a trace can be read: to keep them with `keepNames` would cost at every call.
  minifySyntax: !watch,
  minifyWhitespace: !watch,
  sourcemap: watch ? "inline" : false,
  legalComments: "linked",
  logLevel: "warning",
};

const bundles: readonly BuildOptions[] = [
  { ...common, entryPoints: ["client/extension.ts"], outfile: "dist/client.cjs", format: "cjs", external: ["vscode"] },
  { ...common, entryPoints: ["server/lsp/main.ts"], outfile: "dist/server.cjs", format: "cjs" },
  {
    ...common,
    entryPoints: { cli: "server/cli/main.ts" },
    outdir: "dist",
    format: "esm",
    // What is imported lazily stays apart, so that `check` starts fast.
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    // CommonJS libraries inside an ES module call `require`.
    banner: {
      js: 'import { createRequire as createRequireForLibraries } from "node:module";\nconst require = createRequireForLibraries(import.meta.url);',
    },
  },
];

rmSync("dist", { recursive: true, force: true });
for (const options of bundles) {
  const build = await context(options);
  if (watch) await build.watch();
  else {
    await build.rebuild();
    await build.dispose();
  }
}
