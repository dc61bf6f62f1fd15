/** Entry of `dist/server.cjs`: IPC when forked by an editor, else stdio. */
import { serveParent, serveStdio } from "./node.ts";
import { nodeSurroundings } from "./surroundings.ts";

const surroundings = nodeSurroundings(__dirname);
if (process.send && !process.argv.includes("--stdio")) serveParent(surroundings);
else serveStdio(surroundings);
