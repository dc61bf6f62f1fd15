/**
 * Takes the pictures of the documentation in a real VS Code: `tsx scripts/vscode-screenshots.ts [scene…]`.
 * Writes `docs/images/<scene>.png`. Needs the built extension.
 */
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { packageExtension } from "../test/vscode/bundle.ts";
import { installVSCode, ROOT } from "../test/vscode/installation.ts";
import { DOCKERFILE, SCENES } from "../test/vscode/scenes.ts";
import { Workbench } from "../test/vscode/ui.ts";

const FOLDER = path.join(ROOT, "docs/images");

/** The editor and little else, in letters that can be read in a picture. */
const SETTINGS = {
  "editor.fontSize": 14,
  "editor.scrollbar.vertical": "hidden",
  "editor.lightbulb.enabled": "off",
  "editor.occurrencesHighlight": "off",
  "window.commandCenter": false,
  "window.menuBarVisibility": "hidden",
  "workbench.activityBar.location": "hidden",
  "workbench.layoutControl.enabled": false,
  "workbench.statusBar.visible": false,
};
const THEMES = { dark: "Default Dark Modern", light: "Default Light Modern" };

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !SCENES.some((scene) => scene.name === name));
if (unknown.length > 0) {
  throw new Error(`no scene ${unknown.join(", ")} among ${SCENES.map(({ name }) => name).join(", ")}`);
}

mkdirSync(FOLDER, { recursive: true });
const vscode = installVSCode();
const vsix = packageExtension();
for (const { name, theme, folder, play } of SCENES) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const workbench = await Workbench.open({
    ...{ vscode, vsix, files: folder === undefined ? { Dockerfile: DOCKERFILE } : filesOf(path.join(ROOT, folder)) },
    settings: { ...SETTINGS, "workbench.colorTheme": THEMES[theme] },
    ...{ width: 1100, height: 600, deviceScaleFactor: 2 },
  });
  try {
    await workbench.openFile("Dockerfile");
    await workbench.hideSideBar();
    await play(workbench);
    await workbench.page.screenshot({ path: path.join(FOLDER, `${name}.png`) });
    console.log(`docs/images/${name}.png`);
  } finally {
    await workbench.close();
  }
}

/** Their texts, by their paths in the folder. */
function filesOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => path.join(entry.parentPath, entry.name));
  return Object.fromEntries(paths.map((file) => [path.relative(folder, file), readFileSync(file, "utf8")]));
}
