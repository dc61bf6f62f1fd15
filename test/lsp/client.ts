/** A language client for tests: two in-memory streams to the real server. */
import { PassThrough } from "node:stream";
import {
  createConnection,
  createMessageConnection,
  type Diagnostic,
  type DocumentDiagnosticReport,
  type InitializeResult,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type TextEdit,
  type WorkspaceEdit,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { type Surroundings, serve } from "../../server/lsp/server.ts";

export interface Options {
  readonly capabilities?: object;
  readonly initializationOptions?: object;
  readonly surroundings?: Partial<Surroundings>;
  /** What `workspace/configuration` answers. */
  settings?: unknown;
}

/** Pull diagnostics, configuration, versioned edits: what VS Code can. */
export const FULL_CAPABILITIES = {
  textDocument: { diagnostic: {}, publishDiagnostics: { relatedInformation: true } },
  workspace: { configuration: true, workspaceEdit: { documentChanges: true }, diagnostics: { refreshSupport: true } },
};

export class Client {
  readonly connection: MessageConnection;
  readonly initialized: Promise<InitializeResult>;
  readonly messages: string[] = [];
  readonly options: Options;
  readonly #documents = new Map<string, TextDocument>();
  readonly #published: { uri: string; version?: number; diagnostics: Diagnostic[] }[] = [];
  #wake: () => void = () => {};

  constructor(options: Options = {}) {
    this.options = options;
    const up = new PassThrough();
    const down = new PassThrough();
    serve(createConnection(new StreamMessageReader(up), new StreamMessageWriter(down)), {
      version: "0.0.0-test",
      gatherContext: async () => ({}),
      readPage: async (id) => `# Page of ${id}\n\nWhy.\n\n## More\n`,
      ...options.surroundings,
    });
    this.connection = createMessageConnection(new StreamMessageReader(down), new StreamMessageWriter(up));
    this.connection.onRequest("workspace/configuration", () => [this.options.settings ?? null]);
    this.connection.onRequest("client/registerCapability", () => null);
    this.connection.onRequest("workspace/diagnostic/refresh", (): null => this.#note("refresh"));
    this.connection.onRequest("workspace/codeLens/refresh", () => null);
    this.connection.onNotification("window/showMessage", ({ message }: { message: string }) => {
      this.#note(message);
    });
    this.connection.onNotification("$/progress", ({ value }: { value: { message?: string } }) => {
      if (value.message) this.#note(value.message);
    });
    this.connection.onNotification("window/logMessage", ({ message }: { message: string }) => {
      this.#note(message);
    });
    this.connection.onNotification("plimsoll/score", (params: object) => {
      this.#note(`score ${JSON.stringify(params)}`);
    });
    this.connection.onNotification("textDocument/publishDiagnostics", (params) => {
      this.#published.push(params);
      this.#wake();
    });
    this.connection.listen();
    this.initialized = this.#initialize();
  }

  async open(uri: string, text: string): Promise<void> {
    await this.initialized;
    this.#documents.set(uri, TextDocument.create(uri, "dockerfile", 1, text));
    await this.connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri, languageId: "dockerfile", version: 1, text },
    });
  }

  /** Replaces a part of the text, as typing does. */
  async change(uri: string, start: number, end: number, text: string): Promise<void> {
    const document = this.#documents.get(uri)!;
    const change = { range: { start: document.positionAt(start), end: document.positionAt(end) }, text };
    const version = document.version + 1;
    TextDocument.update(document, [change], version);
    await this.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri, version },
      contentChanges: [change],
    });
  }

  text(uri: string): string {
    return this.#documents.get(uri)!.getText();
  }

  async pull(uri: string): Promise<Diagnostic[]> {
    const report: DocumentDiagnosticReport = await this.connection.sendRequest("textDocument/diagnostic", {
      textDocument: { uri },
    });
    return report.kind === "full" ? report.items : [];
  }

  /** The next diagnostics that the server publishes for this version of the document. */
  async published(uri: string, version: number): Promise<Diagnostic[]> {
    for (;;) {
      const found = this.#published.find((one) => one.uri === uri && one.version === version);
      if (found) return found.diagnostics;
      await this.#next();
    }
  }

  /** Waits for a message or a note that contains this. */
  async noted(part: string): Promise<string> {
    for (;;) {
      const found = this.messages.find((message) => message.includes(part));
      if (found) return found;
      await this.#next();
    }
  }

  /** The text with a workspace edit applied. */
  applied(uri: string, edit: WorkspaceEdit): string {
    const changes =
      edit.changes?.[uri] ?? edit.documentChanges?.flatMap((change) => ("edits" in change ? change.edits : [])) ?? [];
    return TextDocument.applyEdits(this.#documents.get(uri)!, changes as TextEdit[]);
  }

  async request<T>(method: string, params: object): Promise<T> {
    await this.initialized;
    return this.connection.sendRequest(method, params);
  }

  async stop(): Promise<void> {
    await this.connection.sendRequest("shutdown");
    this.connection.dispose();
  }

  async #initialize(): Promise<InitializeResult> {
    const { capabilities = FULL_CAPABILITIES, initializationOptions } = this.options;
    const result: InitializeResult = await this.connection.sendRequest("initialize", {
      processId: null,
      rootUri: null,
      capabilities,
      initializationOptions,
    });
    await this.connection.sendNotification("initialized", {});
    return result;
  }

  #note(message: string): null {
    this.messages.push(message);
    this.#wake();
    return null;
  }

  #next(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
