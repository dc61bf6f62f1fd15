import type { Workbench } from "./ui.ts";

/** A picture of the window: what is done before it is taken. A Dockerfile is open then. */
export interface Scene {
  /** The name of the picture without its ending. */
  readonly name: string;
  readonly theme: "dark" | "light";
  /** The folder that is opened, from the root of the project; absent: one with `DOCKERFILE` alone. */
  readonly folder?: string;
  play(workbench: Workbench): Promise<void>;
}

/** What is open in most scenes: an ordinary Dockerfile in which a good deal can be better. */
export const DOCKERFILE = `FROM node:22-bookworm-slim
MAINTAINER Ada Lovelace <ada@example.com>

WORKDIR app
ADD . .

RUN apt-get update
RUN apt-get install -y git curl
RUN npm install

EXPOSE 3000
CMD npm start
`;

/** Every picture in the documentation, in the order in which they are taken. */
export const SCENES: readonly Scene[] = [
  { name: "editor-light", theme: "light", play: showFindings },
  { name: "editor-dark", theme: "dark", play: showFindings },
  {
    name: "hover",
    theme: "dark",
    async play(workbench) {
      await showFindings(workbench);
      const hover = await workbench.hover("apt-get install", "install");
      await hover.getByText("recommended").first().waitFor();
    },
  },
  {
    name: "quick-fix",
    theme: "dark",
    async play(workbench) {
      await showFindings(workbench);
      await workbench.quickFixes("MAINTAINER");
    },
  },
  {
    name: "problems",
    theme: "dark",
    async play(workbench) {
      await showFindings(workbench);
      await (await workbench.problems()).nth(1).waitFor();
    },
  },
  {
    name: "rating",
    theme: "dark",
    async play(workbench) {
      await showFindings(workbench);
      await workbench.runCommand("Plimsoll: Rate Dockerfile");
      await restMouse(workbench);
      await workbench.webview.getByRole("heading", { name: "Maintainability" }).waitFor();
    },
  },
  {
    name: "optimize",
    theme: "dark",
    folder: "examples/fastapi-uv/beginner",
    async play(workbench) {
      await showFindings(workbench);
      await workbench.runCommand("Plimsoll: Optimize Dockerfile");
      await restMouse(workbench);
      await workbench.page.locator(".monaco-diff-editor .line-insert").first().waitFor();
      await workbench.changes.nth(3).waitFor();
    },
  },
];

async function showFindings(workbench: Workbench): Promise<void> {
  await workbench.squiggle("info").first().waitFor();
  await workbench.codeLens(/^Score /);
  await restMouse(workbench);
}

/** Puts the mouse below the text, where nothing lights up. */
async function restMouse({ page }: Workbench): Promise<void> {
  await page.mouse.move(300, 350);
}
