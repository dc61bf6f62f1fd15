import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** A folder that holds everything a VS Code reads and writes while it is tested, so that nothing else on the machine is. */
export interface Profile {
  readonly folder: string;
  /** `--user-data-dir`. */
  readonly data: string;
  /** `--extensions-dir`. */
  readonly extensions: string;
  /** `HOME` of all processes. */
  readonly home: string;
  /** For sockets and temporary files. Its path is short, as the path of a socket may have 108 bytes only. */
  readonly temporary: string;
  /** The folder that is opened; empty at first. */
  readonly workspace: string;
}

/** VS Code without network, first-start pages and whatever else could come between a test and the editor. */
const QUIET: Readonly<Record<string, unknown>> = {
  "chat.agentHost.enabled": false,
  "chat.disableAIFeatures": true,
  "editor.minimap.enabled": false,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "files.autoSave": "off",
  "git.enabled": false,
  "merge-conflict.codeLens.enabled": false,
  "npm.autoDetect": "off",
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "typescript.disableAutomaticTypeAcquisition": true,
  "update.mode": "none",
  "window.confirmBeforeClose": "never",
  "workbench.editor.enablePreview": false,
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.settings.enableNaturalLanguageSearch": false,
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
};

/** Makes a new profile in the system's temporary folder; these settings win over the quiet ones. */
export function createProfile(settings: Readonly<Record<string, unknown>> = {}): Profile {
  const profile = profileAt(mkdtempSync(path.join(tmpdir(), "plimsoll-vscode-")));
  for (const folder of Object.values(profile)) mkdirSync(folder, { recursive: true });
  mkdirSync(path.join(profile.data, "User"));
  writeFileSync(path.join(profile.data, "User/settings.json"), JSON.stringify({ ...QUIET, ...settings }, null, 2));
  return profile;
}

/** The profile in this folder. */
export function profileAt(folder: string): Profile {
  const inside = (name: string) => path.join(folder, name);
  return {
    folder,
    data: inside("data"),
    extensions: inside("extensions"),
    home: inside("home"),
    temporary: inside("t"),
    workspace: inside("workspace"),
  };
}

/** Removes the profile with everything in it. */
export function removeProfile({ folder }: Profile): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/** The environment for processes that use this profile: nothing of the user's home, nothing of a VS Code around us. */
export function environmentOf({ home, temporary }: Profile): NodeJS.ProcessEnv {
  const foreign = /^(VSCODE_|ELECTRON_|XDG_|NODE_OPTIONS$)/;
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return { ...Object.fromEntries(kept), HOME: home, TMPDIR: temporary, XDG_RUNTIME_DIR: temporary };
}
