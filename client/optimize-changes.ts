import * as vscode from "vscode";
import type { Optimized, OptimizedChange, Refusal, Score } from "../server/lsp/protocol.ts";

export const CHANGES_VIEW = "plimsoll.changes";

/** What the changes of an open preview are about. */
export interface PreviewedChanges {
  readonly original: vscode.Uri;
  readonly optimized: Optimized;
  /** The ids of what the user has left out, also of what could not be changed now anyway. */
  readonly without: ReadonlySet<string>;
}

/**
 * The list of what the preview of an optimized Dockerfile changes, each with its reason, what it takes for granted, and a check box:
 * what is not checked is left out.
 */
export class OptimizeChanges implements vscode.TreeDataProvider<Entry>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #leftOut = new vscode.EventEmitter<{ readonly original: vscode.Uri; readonly ids: ReadonlySet<string> }>();
  readonly #view: vscode.TreeView<Entry>;
  readonly #subscription: vscode.Disposable;
  #shown: PreviewedChanges | undefined;
  #groups: readonly Group[] = [];
  readonly onDidChangeTreeData = this.#changed.event;
  /** The user has chosen what to leave out. */
  readonly onDidLeaveOut = this.#leftOut.event;

  constructor() {
    this.#view = vscode.window.createTreeView(CHANGES_VIEW, {
      treeDataProvider: this,
      manageCheckboxStateManually: true,
      showCollapseAll: true,
    });
    this.#subscription = this.#view.onDidChangeCheckboxState(({ items }) => this.#take(items));
  }

  get shown(): PreviewedChanges | undefined {
    return this.#shown;
  }

  /** @param shown undefined: there is no preview. */
  show(shown: PreviewedChanges | undefined): void {
    // An entry that is being revealed would be gone.
    if (shown?.optimized === this.#shown?.optimized && shown?.without === this.#shown?.without) return;
    this.#shown = shown;
    this.#groups = shown ? groupsOf(shown.optimized) : [];
    this.#view.message = shown ? describeScores(shown.optimized) : "";
    this.#view.description = shown ? vscode.workspace.asRelativePath(shown.original) : "";
    this.#changed.fire(undefined);
  }

  /** Puts the keyboard into the list. */
  async focus(): Promise<void> {
    const [first] = this.#groups;
    if (first) await this.#view.reveal(first, { focus: true, select: false });
  }

  getTreeItem(entry: Entry): vscode.TreeItem {
    switch (entry.kind) {
      case "group":
        return itemOfGroup(entry);
      case "change":
        return itemOfChange(entry, this.#shown!.original);
      case "refusal":
        return itemOfRefusal(entry, this.#shown!.original);
      case "note":
        return Object.assign(new vscode.TreeItem(entry.text), {
          iconPath: new vscode.ThemeIcon("info"),
          tooltip: entry.text,
        });
    }
  }

  getChildren(entry?: Entry): Entry[] {
    if (!entry) return [...this.#groups];
    if (entry.kind === "group") return entry.entries;
    if (entry.kind !== "change") return [];
    return entry.change.assumptions.map((assumption) => ({
      kind: "note",
      text: `Assumes: ${assumption}`,
      parent: entry,
    }));
  }

  getParent(entry: Entry): Entry | undefined {
    return entry.kind === "group" ? undefined : entry.parent;
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#view.dispose();
    this.#changed.dispose();
    this.#leftOut.dispose();
  }

  #take(items: readonly (readonly [Entry, vscode.TreeItemCheckboxState])[]): void {
    if (!this.#shown) return;
    const { original, without } = this.#shown;
    const ids = new Set(without);
    for (const [entry, state] of items) {
      for (const { change } of changesIn(entry)) {
        if (state === vscode.TreeItemCheckboxState.Checked) ids.delete(change.id);
        else ids.add(change.id);
      }
    }
    this.#leftOut.fire({ original, ids });
  }
}

/** The rule that an entry of the list is about; undefined for anything else. */
export function ruleOf(entry: unknown): string | undefined {
  const { change, refusal } = (entry ?? {}) as { readonly change?: OptimizedChange; readonly refusal?: Refusal };
  return (change ?? refusal)?.rule;
}

type Entry = Group | Change | Left | Note;

interface Group {
  readonly kind: "group";
  readonly label: string;
  readonly entries: (Change | Left)[];
  readonly isExpanded: boolean;
}

interface Change {
  readonly kind: "change";
  readonly change: OptimizedChange;
  readonly isMade: boolean;
  readonly parent: Group;
}

interface Left {
  readonly kind: "refusal";
  readonly refusal: Refusal;
  readonly parent: Group;
}

interface Note {
  readonly kind: "note";
  readonly text: string;
  readonly parent: Change;
}

function groupsOf({ changes, leftOut, refusals }: Optimized): readonly Group[] {
  const known = new Map<string, { readonly change: OptimizedChange; readonly isMade: boolean }>();
  for (const change of leftOut) known.set(change.id, { change, isMade: false });
  for (const change of changes) known.set(change.id, { change, isMade: true });
  const inOrder = [...known.values()].sort((a, b) => a.change.line - b.change.line);
  const groups: Group[] = [];
  for (const [safety, label] of [
    ["safe", "Safe: the image behaves the same"],
    ["unsafe", "Please check"],
  ] as const) {
    const group: Group = { kind: "group", label, entries: [], isExpanded: true };
    for (const one of inOrder.filter(({ change }) => change.safety === safety))
      group.entries.push({ kind: "change", ...one, parent: group });
    if (group.entries.length > 0) groups.push(group);
  }
  const group: Group = { kind: "group", label: "Left as it is", entries: [], isExpanded: false };
  for (const refusal of refusals) group.entries.push({ kind: "refusal", refusal, parent: group });
  return refusals.length > 0 ? [...groups, group] : groups;
}

function changesIn(entry: Entry): readonly Change[] {
  if (entry.kind === "change") return [entry];
  return entry.kind === "group" ? entry.entries.filter((one) => one.kind === "change") : [];
}

function itemOfGroup(group: Group): vscode.TreeItem {
  const { Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(group.label, group.isExpanded ? Expanded : Collapsed);
  const changes = changesIn(group);
  const made = changes.filter(({ isMade }) => isMade).length;
  item.id = group.label;
  item.description = changes.length === 0 ? `${group.entries.length}` : `${made} of ${changes.length}`;
  if (changes.length > 0) item.checkboxState = checkbox(made > 0, `all of "${group.label}"`);
  return item;
}

function itemOfChange({ change, isMade }: Change, original: vscode.Uri): vscode.TreeItem {
  const { None, Expanded } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(plain(change.title), change.assumptions.length > 0 ? Expanded : None);
  item.id = change.id;
  item.description = `line ${change.line + 1} · ${plain(change.reason)}`;
  item.tooltip = tooltipOf(change.title, change.reason, change.rule, change.assumptions);
  item.checkboxState = checkbox(isMade, change.title);
  item.contextValue = "plimsoll.change";
  item.command = showLine(original, change.line);
  return item;
}

function itemOfRefusal({ refusal }: Left, original: vscode.Uri): vscode.TreeItem {
  const item = new vscode.TreeItem(plain(refusal.message));
  item.description = `line ${refusal.line + 1} · ${plain(refusal.reason)}`;
  item.tooltip = tooltipOf(refusal.message, refusal.reason, refusal.rule, []);
  item.iconPath = new vscode.ThemeIcon("circle-slash");
  item.contextValue = "plimsoll.change";
  item.command = showLine(original, refusal.line);
  return item;
}

function checkbox(isChecked: boolean, what: string): NonNullable<vscode.TreeItem["checkboxState"]> {
  const { Checked, Unchecked } = vscode.TreeItemCheckboxState;
  return { state: isChecked ? Checked : Unchecked, tooltip: `${isChecked ? "Leave out" : "Make"}: ${plain(what)}` };
}

function tooltipOf(title: string, reason: string, rule: string, assumptions: readonly string[]): vscode.MarkdownString {
  const link = `[${rule}](command:plimsoll.explain?${encodeURIComponent(JSON.stringify([rule]))})`;
  const lines = [`**${title}**`, reason, ...assumptions.map((one) => `Assumes: ${one}`), link];
  const tooltip = new vscode.MarkdownString(lines.join("\n\n"));
  tooltip.isTrusted = { enabledCommands: ["plimsoll.explain"] };
  return tooltip;
}

function showLine(original: vscode.Uri, line: number): vscode.Command {
  return { title: "Show the Line", command: "plimsoll.optimize.showLine", arguments: [original, line] };
}

/** Labels show no Markdown. */
function plain(text: string): string {
  return text.replaceAll("`", "");
}

function describeScores({ before, after, size }: Optimized): string {
  const score = (name: string, key: keyof Score): string =>
    `${name} ${before[key].toFixed(1)}${before[key] === after[key] ? "" : ` → ${after[key].toFixed(1)}`}`;
  const scores = [
    score("Score", "overall"),
    score("Security", "security"),
    score("Efficiency", "efficiency"),
    score("Maintainability", "maintainability"),
  ];
  const image = size && (size.before === size.after ? size.before : `${size.before} → ${size.after}`);
  return [...scores, ...(image ? [`Image ${plain(image)}`] : [])].join(" · ");
}
