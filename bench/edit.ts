/**
 * From a key to its diagnostics, over stdio: Plimsoll's server and dockerfile-language-server-nodejs, in turn, in one run.
 * What counts is the ratio: machines are noisy. `npm run bench`.
 */
import { spawn } from "node:child_process";
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";

const SERVERS = {
  plimsoll: ["dist/server.cjs", "--stdio"],
  "dockerfile-language-server-nodejs": [
    "node_modules/dockerfile-language-server-nodejs/bin/docker-langserver",
    "--stdio",
  ],
} as const;
const LINES = [30, 500, 5000];
const EDITS = 41;
const WARM_UP = 10;

/** A part of a real-looking file: several kinds of instructions, continuations, comments, findings here and there. */
const PART = (number: number): string => `# Part ${number}
FROM node:22-bookworm-slim AS part${number}
ARG VERSION=1.${number}
ENV NODE_ENV=production \\
    PORT=80${number % 100}
WORKDIR /srv/part${number}
RUN apt-get update && \\
    # tools for the build
    apt-get install -y --no-install-recommends \\
      ca-certificates \\
      curl=7.88.1-10 \\
      git \\
    && rm -rf /var/lib/apt/lists/*
COPY package.json package-lock.json ./
RUN npm ci --omit=dev && npm cache clean --force
COPY --chown=node:node . .
RUN set -eux; \\
    for name in a b c; do \\
      mkdir -p "/srv/part${number}/$name"; \\
    done; \\
    if [ -n "$VERSION" ]; then echo "$VERSION" > version; fi
LABEL org.opencontainers.image.title="Part ${number}" \\
      org.opencontainers.image.version=$VERSION
EXPOSE 80${number % 100}
USER node
HEALTHCHECK --interval=30s CMD curl -f http://localhost/ || exit 1
CMD ["node", "server.js"]

`;

interface Measured {
  readonly connection: MessageConnection;
  edit(text: string): Promise<number>;
  stop(): void;
}

async function start(args: readonly string[], uri: string, text: string): Promise<Measured> {
  const child = spawn(process.execPath, [...args], { stdio: ["pipe", "pipe", "inherit"] });
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  let version = 1;
  let arrived: (time: number) => void = () => {};
  connection.onNotification("textDocument/publishDiagnostics", () => arrived(performance.now()));
  connection.listen();
  // A client that cannot ask for diagnostics, so that both servers push them.
  await connection.sendRequest("initialize", { processId: process.pid, rootUri: null, capabilities: {} });
  await connection.sendNotification("initialized", {});
  const first = new Promise<number>((resolve) => {
    arrived = resolve;
  });
  await connection.sendNotification("textDocument/didOpen", {
    textDocument: { uri, languageId: "dockerfile", version, text },
  });
  await first;
  return {
    connection,
    async edit(changed) {
      version++;
      const done = new Promise<number>((resolve) => {
        arrived = resolve;
      });
      const begin = performance.now();
      await connection.sendNotification("textDocument/didChange", {
        textDocument: { uri, version },
        contentChanges: [{ text: changed }],
      });
      return (await done) - begin;
    },
    stop() {
      connection.dispose();
      child.kill();
    },
  };
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;
}

for (const lines of LINES) {
  let text = "";
  for (let number = 0; text.split("\n").length <= lines; number++) text += PART(number);
  text = `${text.split("\n").slice(0, lines).join("\n")}\n`;
  const servers = await Promise.all(
    Object.values(SERVERS).map((args) => start(args, `file:///bench/${lines}/Dockerfile`, text)),
  );
  const times: number[][] = servers.map(() => []);
  for (let i = 0; i < WARM_UP + EDITS; i++) {
    // Somebody types in the middle of the file.
    const place = text.indexOf("npm ci", text.length >> 1);
    const at = place === -1 ? text.indexOf("npm ci") : place;
    const changed = `${text.slice(0, at)}echo ${"x".repeat(i + 1)} && ${text.slice(at)}`;
    for (const [index, server] of servers.entries()) {
      const time = await server.edit(changed);
      if (i >= WARM_UP) times[index]!.push(time);
    }
  }
  for (const server of servers) server.stop();
  const [ours, theirs] = times.map(median) as [number, number];
  const names = Object.keys(SERVERS);
  console.log(
    `${String(lines).padStart(5)} lines: ${names[0]} ${ours.toFixed(1)} ms, ${names[1]} ${theirs.toFixed(1)} ms, ratio ${(ours / theirs).toFixed(2)}`,
  );
}
