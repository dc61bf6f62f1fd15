/** The language server on Node: over stdio, or over the channel of a parent process. Files are read from disk. */
import {
  createConnection,
  IPCMessageReader,
  IPCMessageWriter,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";
import { type Surroundings, serve } from "./server.ts";

/** Serves over the streams of this process. */
export function serveStdio(surroundings: Surroundings): void {
  // What a library prints would break the protocol.
  console.log = console.error;
  serve(
    createConnection(new StreamMessageReader(process.stdin), new StreamMessageWriter(process.stdout)),
    surroundings,
  );
}

/** Serves over the channel of the process that forked this one. */
export function serveParent(surroundings: Surroundings): void {
  serve(createConnection(new IPCMessageReader(process), new IPCMessageWriter(process)), surroundings);
}
