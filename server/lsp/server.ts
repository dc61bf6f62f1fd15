/** The language server: documents in, diagnostics, actions, lenses and ratings out. Knows no file system of its own. */
import {
  type CancellationToken,
  CodeActionKind,
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type DocumentDiagnosticReport,
  DocumentDiagnosticReportKind,
  type InitializeParams,
  type InitializeResult,
  LSPErrorCodes,
  MarkupKind,
  MessageType,
  ResponseError,
  ShowMessageNotification,
  TextDocumentSyncKind,
  TextDocuments,
} from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { CONFIGURATION_FILES } from "../context/configuration.ts";
import { CONTEXT_FILES } from "../context/gather.ts";
import { type SizeSource, Sizes } from "../context/sizes.ts";
import type { Configuration } from "../lint/configuration.ts";
import { shownScore } from "../lint/score.ts";
import { combineSettings, DEFAULT_SETTINGS, readSettings, type Settings, withoutDefaults } from "../lint/settings.ts";
import type { ConfigurationFile, Context } from "../model/context.ts";
import type { Dockerfile } from "../model/dockerfile.ts";
import { RULES } from "../rules/index.ts";
import type { Estimate } from "../size/estimate.ts";
import { totalText } from "../size/text.ts";
import { codeActions, FIX_ALL, OPTIMIZE } from "./actions.ts";
import { Analysis } from "./analysis.ts";
import { type ClientTraits, canApply, toDiagnostic, toFixEdit, toRange } from "./convert.ts";
import { codeLenses } from "./lenses.ts";
import { optimized } from "./optimize.ts";
import {
  EXPLAIN_REQUEST,
  FIX_REQUEST,
  type InitializationOptions,
  MEASURE_REQUEST,
  type Measured,
  type MeasureParams,
  OPTIMIZE_REQUEST,
  type OptimizeParams,
  RATE_REQUEST,
  SCORE_NOTIFICATION,
  type ScoreParams,
} from "./protocol.ts";
import { ratingOf } from "./rating.ts";
import { type ScriptChecker, ShellChecks } from "./shell-checks.ts";
import { inlayHints, packageHover } from "./sizes.ts";

/** What the server needs of its surroundings; each entry (Node, browser, test) brings its own. */
export interface Surroundings {
  readonly version: string;
  /** What is known of the world around a document; of its text alone when files may not be read. */
  gatherContext(uri: string, text: string, mayReadFiles: boolean): Promise<Context>;
  /**
   * The configuration files of a document, the strongest first; not asked for when files may not be read.
   * @param folders the URIs of the workspace's folders.
   */
  findConfiguration?(uri: string, folders: readonly string[]): Promise<readonly ConfigurationFile[]>;
  /**
   * The ShellCheck for a document; `undefined`: there is none; else what is wrong with the setting, in a sentence. Not asked
   * for when nothing may be run.
   */
  shellCheck?(uri: string, setting: string): ScriptChecker | { readonly problem: string } | undefined;
  /**
   * Builds Dockerfiles, one after the other, and measures the images; absent: nothing can be built here.
   * @param context the URI of the build context; `undefined`: the folder of the document.
   * @throws an error called `MeasureProblem` with sentences for people.
   */
  measureImages?(
    uri: string,
    context: string | undefined,
    dockerfiles: readonly Dockerfile[],
    signal: AbortSignal,
    tell: (message: string) => void,
  ): Promise<Measured>;
  /** Files may have changed. */
  forgetFiles?(): void;
  /** A rule's page as Markdown. */
  readPage(ruleId: string): Promise<string | undefined>;
  /** The tables of package sizes; absent: no sizes are estimated. */
  readonly sizes?: Pick<SizeSource, "loadTable">;
  /** Measures the build context of a document; not asked for when files may not be read. `undefined`: it has none. */
  measureFor?(uri: string): SizeSource["measure"];
}

/** The configuration files of a document, read. */
interface FoundConfiguration {
  readonly configuration: Configuration;
  isLeftAlone(path: string | undefined): boolean;
}

/** What a change of which could change a verdict. */
const WATCHED = `**/{*.dockerignore,*requirements*.txt,requirements/*.txt,${[...CONTEXT_FILES, ...CONFIGURATION_FILES, ".shellcheckrc", "shellcheckrc"].join(",")}}`;

/** Starts to serve; the connection is not listened to before. */
export function serve(connection: Connection, surroundings: Surroundings): void {
  new Server(connection, surroundings).listen();
}

class Server {
  readonly #connection: Connection;
  readonly #surroundings: Surroundings;
  readonly #documents = new TextDocuments(TextDocument);
  readonly #analyses = new Map<string, Promise<Analysis | undefined>>();
  readonly #settings = new Map<string, Promise<Settings>>();
  readonly #configurations = new Map<string, Configuration>();
  readonly #reported = new Set<string>();
  readonly #shellChecks = new ShellChecks();
  readonly #estimates = new WeakMap<Analysis, Promise<Estimate>>();
  readonly #sizes: Sizes | undefined;
  #traits: ClientTraits = {
    ruleUri: undefined,
    relatedInformation: false,
    documentChanges: false,
    createsFiles: false,
  };
  #options: InitializationOptions = {};
  #capabilities: InitializeParams["capabilities"] = {};
  #folders: readonly string[] = [];

  constructor(connection: Connection, surroundings: Surroundings) {
    this.#connection = connection;
    this.#surroundings = surroundings;
    this.#sizes = surroundings.sizes && new Sizes(surroundings.sizes);
  }

  listen(): void {
    const connection = this.#connection;
    connection.onInitialize((params) => this.#initialize(params));
    connection.onInitialized(() => this.#register());
    connection.onDidChangeConfiguration(() => this.#refresh({ settings: true }));
    connection.onDidChangeWatchedFiles(() => this.#refresh({ settings: false }));

    this.#documents.onDidChangeContent(({ document }) => {
      this.#analyses.delete(document.uri);
      this.#shellChecks.cancel(document.uri);
      if (!this.#pulls) void this.#publish(document.uri);
    });
    this.#documents.onDidClose(({ document: { uri } }) => {
      this.#analyses.delete(uri);
      this.#settings.delete(uri);
      this.#shellChecks.cancel(uri);
      if (!this.#pulls) void connection.sendDiagnostics({ uri, diagnostics: [] });
    });

    connection.languages.diagnostics.on(({ textDocument }) => this.#pull(textDocument.uri));
    connection.onCodeAction(async (params) => {
      const analysis = await this.#analyse(params.textDocument.uri);
      return analysis ? codeActions(analysis, params, this.#traits, this.#options.commands === true) : null;
    });
    connection.onCodeLens(async ({ textDocument }) => {
      const analysis = await this.#analyse(textDocument.uri);
      if (!analysis?.settings.codeLens) return null;
      return codeLenses(analysis, this.#options.commands === true, await this.#estimate(analysis));
    });
    connection.languages.inlayHint.on(async ({ textDocument, range }) => {
      const analysis = await this.#analyse(textDocument.uri);
      const estimate = analysis?.settings.sizeHints ? await this.#estimate(analysis) : undefined;
      return analysis && estimate ? inlayHints(analysis, estimate, range) : null;
    });
    connection.onHover(async ({ textDocument, position }) => {
      const analysis = await this.#analyse(textDocument.uri);
      if (!analysis) return null;
      const offset = analysis.document.offsetAt(position);
      const found = analysis.report.diagnostics.filter(({ range }) => range.start <= offset && offset <= range.end);
      const narrowest = found.toSorted((a, b) => a.range.end - a.range.start - (b.range.end - b.range.start))[0];
      const page = narrowest && (await this.#surroundings.readPage(narrowest.rule.id));
      const estimate = await this.#estimate(analysis);
      const size = estimate && packageHover(analysis, estimate, offset);
      if (!narrowest || !page) return size ?? null;
      const value = [...(size ? [(size.contents as { value: string }).value] : []), summaryOf(page)].join(
        "\n\n---\n\n",
      );
      return {
        contents: { kind: MarkupKind.Markdown, value },
        range: size?.range ?? toRange(analysis.document, narrowest.range),
      };
    });

    connection.onRequest(RATE_REQUEST, async ({ uri }: { uri: string }) => {
      const analysis = await this.#analyse(uri);
      return analysis ? ratingOf(analysis) : null;
    });
    connection.onRequest(OPTIMIZE_REQUEST, async ({ uri, without }: OptimizeParams) => {
      const analysis = await this.#analyse(uri);
      const estimate = async (dockerfile: Dockerfile) =>
        (await this.#sizes?.estimate(dockerfile, this.#measureFor(uri)))?.final;
      return analysis ? optimized(analysis, new Set(without), estimate) : null;
    });
    connection.onRequest(
      FIX_REQUEST,
      async (params: { uri: string; rule: string; line: number; character: number }) => {
        const analysis = await this.#analyse(params.uri);
        const diagnostic = analysis?.report.diagnostics.find(({ rule, range }) => {
          const { line, character } = analysis.document.positionAt(range.start);
          return rule.id === params.rule && line === params.line && character === params.character;
        });
        const first = diagnostic && analysis?.offered(diagnostic)[0];
        if (!analysis || !first || !canApply(first, analysis.context.files, this.#traits)) return null;
        return toFixEdit(analysis.document, first, analysis.context.files, this.#traits);
      },
    );
    connection.onRequest(MEASURE_REQUEST, (params: MeasureParams, token) => this.#measure(params, token));
    connection.onRequest(EXPLAIN_REQUEST, async ({ rule }: { rule: string }) => {
      return (await this.#surroundings.readPage(rule)) ?? null;
    });

    this.#documents.listen(connection);
    connection.listen();
  }

  get #pulls(): boolean {
    return this.#capabilities.textDocument?.diagnostic !== undefined;
  }

  #initialize(params: InitializeParams): InitializeResult {
    const { capabilities, initializationOptions, workspaceFolders, rootUri } = params;
    this.#capabilities = capabilities;
    this.#folders = workspaceFolders?.map(({ uri }) => uri) ?? (rootUri ? [rootUri] : []);
    this.#options =
      typeof initializationOptions === "object" && initializationOptions !== null ? initializationOptions : {};
    this.#traits = {
      ruleUri: typeof this.#options.ruleUri === "string" ? this.#options.ruleUri : undefined,
      relatedInformation: capabilities.textDocument?.publishDiagnostics?.relatedInformation === true || this.#pulls,
      documentChanges: capabilities.workspace?.workspaceEdit?.documentChanges === true,
      createsFiles: capabilities.workspace?.workspaceEdit?.resourceOperations?.includes("create") === true,
    };
    return {
      capabilities: {
        textDocumentSync: TextDocumentSyncKind.Incremental,
        ...(this.#pulls
          ? {
              diagnosticProvider: { identifier: "plimsoll", interFileDependencies: false, workspaceDiagnostics: false },
            }
          : {}),
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL, OPTIMIZE] },
        codeLensProvider: { resolveProvider: false },
        hoverProvider: true,
        ...(this.#sizes ? { inlayHintProvider: { resolveProvider: false } } : {}),
      },
      serverInfo: { name: "plimsoll", version: this.#surroundings.version },
    };
  }

  async #register(): Promise<void> {
    const { workspace } = this.#capabilities;
    const register = async (type: { method: string }, options: object): Promise<void> => {
      await this.#connection.client.register({ method: type.method } as never, options as never);
    };
    try {
      if (workspace?.didChangeConfiguration?.dynamicRegistration) {
        await register(DidChangeConfigurationNotification.type, { section: "plimsoll" });
      }
      if (workspace?.didChangeWatchedFiles?.dynamicRegistration) {
        await register(DidChangeWatchedFilesNotification.type, { watchers: [{ globPattern: WATCHED }] });
      }
    } catch (error) {
      this.#connection.console.warn(`The editor does not tell of changed settings or files: ${String(error)}`);
    }
  }

  /** Looks anew at every open document. */
  #refresh({ settings }: { settings: boolean }): void {
    this.#analyses.clear();
    this.#configurations.clear();
    this.#surroundings.forgetFiles?.();
    if (settings) {
      this.#settings.clear();
      this.#reported.clear();
    }
    const { workspace } = this.#capabilities;
    if (this.#pulls) {
      if (workspace?.diagnostics?.refreshSupport) this.#connection.languages.diagnostics.refresh();
    } else for (const { uri } of this.#documents.all()) void this.#publish(uri);
    if (workspace?.codeLens?.refreshSupport) void this.#connection.sendRequest("workspace/codeLens/refresh");
    if (this.#sizes && workspace?.inlayHint?.refreshSupport) void this.#connection.languages.inlayHint.refresh();
  }

  async #pull(uri: string): Promise<DocumentDiagnosticReport> {
    const analysis = await this.#analyse(uri);
    const items = analysis?.report.diagnostics.map((one) => toDiagnostic(analysis.document, one, this.#traits)) ?? [];
    return { kind: DocumentDiagnosticReportKind.Full, items };
  }

  async #publish(uri: string): Promise<void> {
    const version = this.#documents.get(uri)?.version;
    const analysis = await this.#analyse(uri);
    const document = this.#documents.get(uri);
    // A later version has been published meanwhile, or will be.
    if (!document || document.version !== (analysis?.version ?? version)) return;
    const diagnostics =
      analysis?.report.diagnostics.map((one) => toDiagnostic(analysis.document, one, this.#traits)) ?? [];
    await this.#connection.sendDiagnostics({ uri, version: document.version, diagnostics });
  }

  /** The analysis of the document as it is now; `undefined`: it is not open, or left alone. */
  async #analyse(uri: string): Promise<Analysis | undefined> {
    const document = this.#documents.get(uri);
    if (!document) return undefined;
    let analysis = this.#analyses.get(uri);
    if (!analysis) {
      analysis = this.#compute(document);
      this.#analyses.set(uri, analysis);
      analysis.then(
        (done) => done && this.#announce(done),
        () => this.#analyses.delete(uri),
      );
    }
    try {
      return await analysis;
    } catch (error) {
      this.#connection.console.error(
        `${uri} could not be analysed: ${error instanceof Error ? error.stack : String(error)}`,
      );
      throw new ResponseError(-32603, "Plimsoll could not analyse this file; its output channel says why.");
    }
  }

  async #compute(document: TextDocument): Promise<Analysis | undefined> {
    const text = document.getText();
    const [gathered, editor, found] = await Promise.all([
      this.#surroundings.gatherContext(document.uri, text, this.#isTrusted),
      this.#settingsOf(document.uri),
      this.#configurationOf(document.uri),
    ]);
    if (found?.isLeftAlone(gathered.path)) return undefined;
    const configuration = found?.configuration;
    const context = configuration ? { ...gathered, policy: configuration.policy } : gathered;
    const settings = combineSettings(withoutDefaults(editor), configuration?.settings ?? {});
    const checker = this.#scriptChecker(document.uri, settings);
    // The document may have changed while its surroundings were looked at: the text of now, then, with what is known.
    const snapshot = TextDocument.create(document.uri, document.languageId, document.version, document.getText());
    const known = {
      ...context,
      ...(snapshot.getText() === text ? {} : { secrets: [] }),
      ...(checker ? { scriptComments: checker.known } : {}),
    };
    const analysis = new Analysis(snapshot, known, settings, (line) => this.#connection.console.debug(line));
    if (checker) this.#shellChecks.schedule(analysis, checker, () => this.#update(snapshot, checker));
    return analysis;
  }

  #scriptChecker(uri: string, settings: Settings): ScriptChecker | undefined {
    const found = this.#isTrusted ? this.#surroundings.shellCheck?.(uri, settings.shellcheck) : undefined;
    if (!found || "known" in found) return found;
    this.#report(found.problem);
    return undefined;
  }

  /** Tells of what ShellCheck has found meanwhile. */
  #update({ uri, version }: TextDocument, { problem }: ScriptChecker): void {
    if (problem !== undefined) this.#report(problem);
    if (this.#documents.get(uri)?.version !== version) return;
    this.#analyses.delete(uri);
    if (!this.#pulls) void this.#publish(uri);
    else if (this.#capabilities.workspace?.diagnostics?.refreshSupport)
      this.#connection.languages.diagnostics.refresh();
  }

  /** The sizes of a version of a document, computed once; `undefined`: the surroundings have no tables. */
  async #estimate(analysis: Analysis): Promise<Estimate | undefined> {
    let estimate = this.#estimates.get(analysis);
    if (!estimate) {
      const { dockerfile } = analysis.report;
      estimate = this.#sizes?.estimate(dockerfile, this.#measureFor(analysis.document.uri));
      if (estimate) this.#estimates.set(analysis, estimate);
    }
    return estimate;
  }

  /** Builds images; never in a workspace that is not trusted. */
  async #measure({ uri, context, workDoneToken }: MeasureParams, token: CancellationToken): Promise<Measured> {
    const refuse = (reason: string) => new ResponseError(LSPErrorCodes.RequestFailed, reason);
    if (!this.#isTrusted)
      throw refuse("Images are not built in a workspace that is not trusted. Trust it and try again.");
    const { measureImages } = this.#surroundings;
    if (!measureImages) throw refuse("Images cannot be built here: there are no programs. Use VS Code on the desktop.");
    const analysis = await this.#analyse(uri);
    if (!analysis) throw refuse("This file is not open as a Dockerfile. Change its language mode to Dockerfile.");
    const fixed = analysis.fixed("unsafe");
    const dockerfiles = [analysis.report.dockerfile, ...(fixed.changes.length > 0 ? [fixed.report.dockerfile] : [])];
    const estimates = await Promise.all(dockerfiles.map((one) => this.#sizes?.estimate(one, this.#measureFor(uri))));
    const controller = new AbortController();
    token.onCancellationRequested(() => controller.abort());
    const progress =
      workDoneToken === undefined ? undefined : this.#connection.window.attachWorkDoneProgress(workDoneToken);
    progress?.begin("Comparing image sizes", undefined, "looking for an engine", true);
    try {
      const { engine, images } = await measureImages(uri, context, dockerfiles, controller.signal, (message) =>
        progress?.report(message),
      );
      return {
        engine,
        images: images.map((image, index) => {
          const final = estimates[index]?.final;
          return { ...image, ...(final?.bytes === undefined ? {} : { estimate: totalText(final) }) };
        }),
      };
    } catch (error) {
      if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, "Cancelled.");
      if (error instanceof Error && error.name === "MeasureProblem") throw refuse(error.message);
      throw error;
    } finally {
      progress?.done();
    }
  }

  #measureFor(uri: string): SizeSource["measure"] {
    return this.#isTrusted ? this.#surroundings.measureFor?.(uri) : undefined;
  }

  get #isTrusted(): boolean {
    return this.#options.trusted !== false;
  }

  /** `undefined`: there is no configuration file. */
  async #configurationOf(uri: string): Promise<FoundConfiguration | undefined> {
    const found = this.#isTrusted ? await this.#surroundings.findConfiguration?.(uri, this.#folders) : undefined;
    if (!found || found.length === 0) return undefined;
    const key = JSON.stringify(found);
    // Most have none, and do not wait for a YAML parser to load.
    const { isLeftAlone, readConfiguration } = await import("../lint/configuration.ts");
    let configuration = this.#configurations.get(key);
    if (!configuration) {
      configuration = readConfiguration(found, RULES);
      this.#configurations.set(key, configuration);
      for (const problem of configuration.problems) this.#report(problem);
    }
    const read = configuration;
    return { configuration: read, isLeftAlone: (path) => isLeftAlone(read, found, path) };
  }

  #announce(analysis: Analysis): void {
    if (!this.#options.score || this.#documents.get(analysis.document.uri)?.version !== analysis.version) return;
    const { report, version, document } = analysis;
    const score = shownScore(analysis.rating.score);
    const params: ScoreParams = { uri: document.uri, version, score, findings: report.diagnostics.length };
    void this.#connection.sendNotification(SCORE_NOTIFICATION, params);
  }

  #settingsOf(uri: string): Promise<Settings> {
    let settings = this.#settings.get(uri);
    if (!settings) {
      settings = this.#fetchSettings(uri);
      this.#settings.set(uri, settings);
    }
    return settings;
  }

  async #fetchSettings(uri: string): Promise<Settings> {
    if (!this.#capabilities.workspace?.configuration) return DEFAULT_SETTINGS;
    try {
      const input: unknown = await this.#connection.workspace.getConfiguration({ scopeUri: uri, section: "plimsoll" });
      const { settings, problems } = readSettings(input, RULES);
      for (const problem of problems) this.#report(problem);
      return settings;
    } catch (error) {
      this.#report(`The editor did not give the settings (${String(error)}); Plimsoll uses its defaults.`);
      return DEFAULT_SETTINGS;
    }
  }

  /** Shows a sentence once, until the settings change. */
  #report(problem: string): void {
    if (this.#reported.has(problem)) return;
    this.#reported.add(problem);
    void this.#connection.sendNotification(ShowMessageNotification.type, {
      type: MessageType.Warning,
      message: problem,
    });
  }
}

/** A page up to its first example or section. */
function summaryOf(page: string): string {
  const body = page.replace(/<!-- facts -->[\s\S]*?<!-- \/facts -->\n*/, "");
  const end = body.search(/^(?:```|## )/m);
  return (end === -1 ? body : body.slice(0, end)).replace(/^# (.*)$/m, "**$1**").trim();
}
