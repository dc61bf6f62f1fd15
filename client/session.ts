import * as vscode from "vscode";
import {
  type BaseLanguageClient,
  CloseAction,
  ErrorAction,
  type LanguageClientOptions,
  WorkDoneProgress,
} from "vscode-languageclient";
import { type InitializationOptions, SCORE_NOTIFICATION, type ScoreParams } from "../server/lsp/protocol.ts";
import { isEditable, LANGUAGE, RULE_SCHEME } from "./documents.ts";

/** A language client with the process that it started, if it started one. */
export interface ServerClient extends BaseLanguageClient {
  readonly serverPid?: number | undefined;
}

export type CreateClient = (context: vscode.ExtensionContext, options: LanguageClientOptions) => ServerClient;

/** "failed": it went down too often, or never came up; only `restart` brings it back. */
export type Health = "starting" | "running" | "failed" | "stopped";

/** So many crashes in so many milliseconds are too many. */
const CRASHES = { limit: 5, period: 3 * 60 * 1000 };

/**
 * The server as the rest of the client sees it: it is there, comes up or has failed. There is one language client for each
 * process of the server, because a language client that could not start can never be started again.
 */
export class Session implements vscode.Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #createClient: CreateClient;
  readonly #healthChanged = new vscode.EventEmitter<Health>();
  readonly #scored = new vscode.EventEmitter<ScoreParams>();
  #ready: () => void = () => {};
  #givenUp: (reason: Error) => void = () => {};
  #client: ServerClient | undefined;
  #health: Health = "stopped";
  #crashes: number[] = [];
  #tokens = 0;
  #restart: Promise<void> | undefined;

  readonly output = vscode.window.createOutputChannel("Plimsoll", { log: true });
  readonly onDidChangeHealth = this.#healthChanged.event;
  /** After each analysis of a document. */
  readonly onDidScore = this.#scored.event;
  readonly whenReady = new Promise<void>((resolve, reject) => {
    this.#ready = resolve;
    this.#givenUp = reject;
  });

  constructor(context: vscode.ExtensionContext, createClient: CreateClient) {
    this.#context = context;
    this.#createClient = createClient;
    // Whoever waits for it sees the rejection; that nobody waits is no error.
    this.whenReady.catch(() => {});
  }

  get health(): Health {
    return this.#health;
  }

  get serverPid(): number | undefined {
    return this.#client?.serverPid;
  }

  /** Starts the server and returns at once; `onDidChangeHealth` tells the rest. */
  start(): void {
    this.#setHealth("starting");
    const client = this.#createClient(this.#context, {
      documentSelector: [{ language: LANGUAGE }],
      outputChannel: this.output,
      initializationOptions: describeClient(),
      initializationFailedHandler: () => false,
      errorHandler: {
        // What goes wrong for good closes the connection.
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => {
          this.#recover(client);
          return {
            action: CloseAction.DoNotRestart,
            message: "The connection to the server was closed.",
            handled: true,
          };
        },
      },
      markdown: { isTrusted: { enabledCommands: ["plimsoll.explain", "plimsoll.rate"] } },
      middleware: {
        handleDiagnostics: (uri, diagnostics, next) => next(uri, isEditable(uri) ? diagnostics : []),
        provideDiagnostics: (document, previousResultId, token, next) =>
          isEditable(document instanceof vscode.Uri ? document : document.uri)
            ? next(document, previousResultId, token)
            : undefined,
      },
    });
    client.onNotification(SCORE_NOTIFICATION, (params: ScoreParams) => this.#scored.fire(params));
    this.#client = client;
    client.start().then(
      () => this.#client === client && this.#setHealth("running"),
      () => this.#recover(client),
    );
  }

  /** Ends the server, whatever state it is in, and starts a new one that may crash as often as the first. */
  restart(): Promise<void> {
    this.#restart ??= this.stop().then(() => {
      this.#restart = undefined;
      this.#crashes = [];
      this.start();
    });
    return this.#restart;
  }

  async stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    this.#setHealth("stopped");
    // It cannot say goodbye while it is starting; its process is ended all the same.
    await client?.stop().catch(() => {});
  }

  /**
   * Asks the server, waiting for it if it is starting.
   * @throws {ServerDown} if there is none.
   */
  async request<Result>(method: string, params: object): Promise<Result> {
    return this.#runningClient().sendRequest<Result>(method, params);
  }

  /**
   * The same for what takes a while.
   * @param report is told how far it is.
   */
  async requestWithProgress<Result>(
    method: string,
    params: object,
    report: (message: string) => void,
    token: vscode.CancellationToken,
  ): Promise<Result> {
    const client = this.#runningClient();
    const workDoneToken = `plimsoll-${++this.#tokens}`;
    const listener = client.onProgress(WorkDoneProgress.type, workDoneToken, (progress) => {
      if (progress.kind !== "end" && progress.message) report(progress.message);
    });
    try {
      return await client.sendRequest<Result>(method, { ...params, workDoneToken }, token);
    } finally {
      listener.dispose();
    }
  }

  /** What the server gave as an edit, as the editor wants it. */
  async convertEdit(edit: Parameters<Converter["asWorkspaceEdit"]>[0]): Promise<vscode.WorkspaceEdit | undefined> {
    return this.#runningClient().protocol2CodeConverter.asWorkspaceEdit(edit);
  }

  dispose(): void {
    this.#healthChanged.dispose();
    this.#scored.dispose();
    this.output.dispose();
  }

  #runningClient(): ServerClient {
    if (!this.#client) throw new ServerDown();
    return this.#client;
  }

  #setHealth(health: Health): void {
    if (health === this.#health) return;
    this.#health = health;
    if (health === "running") this.#ready();
    if (health === "failed") this.#givenUp(new ServerDown());
    this.#healthChanged.fire(health);
  }

  /** Called when this client's server is gone, perhaps twice; does nothing if it was meant to go. */
  #recover(client: ServerClient): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    const now = Date.now();
    this.#crashes = [...this.#crashes.filter((time) => now - time < CRASHES.period), now];
    if (this.#crashes.length < CRASHES.limit) this.start();
    else this.#setHealth("failed");
  }
}

/** A request was made while there is no server. */
export class ServerDown extends Error {
  constructor() {
    super("The Plimsoll server is not running.");
  }
}

type Converter = BaseLanguageClient["protocol2CodeConverter"];

function describeClient(): InitializationOptions {
  return { trusted: vscode.workspace.isTrusted, commands: true, score: true, ruleUri: `${RULE_SCHEME}:/` };
}
