/**
 * The shell of RUN and of shell-form commands: simple commands with their words, and how they are chained (adapts
 * unbash). PowerShell and cmd are never given to it.
 */
import {
  type AndOr,
  type Command,
  type CommandExpansionPart,
  forEachChild,
  type ParameterExpansionPart,
  type Pipeline,
  type ProcessSubstitutionPart,
  parse,
  type Redirection,
  type Script,
  type Statement,
  type SyntaxNode,
  type Word as UnbashWord,
} from "unbash";
import type { LogicalText, Range } from "./text.ts";

export interface ShellWord {
  readonly range: Range;
  /** As it is written. */
  readonly text: string;
  /** What the command gets; `undefined` when the word holds an expansion or a glob. */
  readonly value: string | undefined;
  /** Some part of it is quoted. */
  readonly quoted: boolean;
}

export interface ShellRedirect {
  readonly operator: string;
  readonly target: ShellWord | undefined;
  readonly range: Range;
}

export interface ShellAssignment {
  readonly name: string;
  /** `undefined` when not known. */
  readonly value: string | undefined;
  readonly range: Range;
}

/** A simple command: `NAME=value program argument > file`. */
export interface ShellCommand {
  readonly range: Range;
  /** The program and its arguments; empty for assignments alone. */
  readonly words: readonly ShellWord[];
  /** The program as it is written, without quotes; `undefined`: not known, or none. */
  readonly name: string | undefined;
  readonly args: readonly ShellWord[];
  readonly assignments: readonly ShellAssignment[];
  readonly redirects: readonly ShellRedirect[];
  /** Where it stands. `chain`: it runs whenever those before it in the top-level list succeed. */
  readonly place: "chain" | "conditional" | "subshell" | "substitution" | "function";
  /** The pipeline that it is part of, if more than one command is. */
  readonly pipeline: ShellPipeline | undefined;
  /** What becomes of its exit status. */
  readonly status: ShellStatus;
  /** The member of the top-level list that it is in. */
  readonly item: ShellItem;
}

/**
 * What becomes of an exit status, `set -e` aside. `returned`: it is that of the script, or of the function. `tested`: `&&` or
 * `||` follows. `condition`: `if`, `while` or `!` asks for it. `forgiven`: `|| true` follows. `ignored`: something else runs
 * next, or nobody asks.
 */
export type ShellStatus = "returned" | "tested" | "condition" | "forgiven" | "ignored";

export interface ShellPipeline {
  readonly range: Range;
  readonly commands: readonly ShellCommand[];
  /** What the operators stand between; `undefined`: a loop, a list in parentheses, ... */
  readonly members: readonly (ShellCommand | undefined)[];
  readonly place: ShellCommand["place"];
  /** What becomes of the exit status of the whole. */
  readonly status: ShellStatus;
  /** The member of the top-level list that it is in. */
  readonly item: ShellItem;
  /** `|` or `|&`, in source offsets. */
  readonly operators: readonly Range[];
  /** A `!` stands before it. */
  readonly negated: boolean;
}

/** A member of the top-level list: what stands between `&&`, `||`, `;`, `&` and line ends. */
export interface ShellItem {
  readonly range: Range;
  readonly index: number;
  /** The operator before it; `undefined` for the first. */
  readonly operator: "&&" | "||" | ";" | "&" | "\n" | undefined;
  /** From the end of the member before to the start of this one. */
  readonly gap: Range | undefined;
  /** The simple command that it is; `undefined` for a pipeline or a compound. */
  readonly command: ShellCommand | undefined;
}

export interface ShellVariable {
  readonly name: string;
  readonly range: Range;
  readonly quoted: boolean;
  /** What it is a part of; that of its word, inside of `${X:-$Y}` too. */
  readonly context: ShellContext;
  /** `:-`, `##`, `//`, ...; `undefined`: none. */
  readonly operator: string | undefined;
  /** `${#X}`, `${!X}`. */
  readonly prefix: "#" | "!" | undefined;
  /** The word that it is in, where that is a program's argument. */
  readonly word: ShellWord | undefined;
  /** The command that it is an argument of. */
  readonly command: ShellCommand | undefined;
}

export type ShellContext =
  | "program"
  | "argument"
  | "assignment"
  | "redirect"
  | "heredoc"
  /** The words of `for` and `select`, the elements of an array. */
  | "list"
  /** The word of `case`, and its patterns. */
  | "case"
  /** `[[ ]]` */
  | "condition"
  | "arithmetic";

/** Something that POSIX's shell does not have. */
export interface ShellExtension {
  readonly kind: ShellExtensionKind;
  /** The smallest part that a person would point at. */
  readonly range: Range;
  /** As it is written. */
  readonly text: string;
  readonly context: ShellContext;
  /** The word that it is in, if it is in one of a command's. */
  readonly word: ShellWord | undefined;
}

export type ShellExtensionKind =
  | "[["
  | "(("
  | "for (("
  | "$["
  | "++"
  | "**"
  | "select"
  | "coproc"
  | "function"
  | "array"
  | "+="
  | "<<<"
  | "&>"
  | ">&"
  | "{fd}"
  | "<()"
  | "$''"
  | '$""'
  | "{,}"
  | "|&"
  | ";&"
  | "@()"
  | "$(<)"
  /** `${X//a/b}`, `${X:0:1}`, `${X^^}`, `${X@Q}`, `${!X}`, `${X[0]}` */
  | "${//}"
  | "${:}"
  | "${^}"
  | "${@}"
  | "${!}"
  | "${[]}";

export interface ShellScript {
  readonly text: LogicalText;
  readonly items: readonly ShellItem[];
  /** Every simple command, at any depth, in source order. */
  readonly commands: readonly ShellCommand[];
  readonly pipelines: readonly ShellPipeline[];
  /** Every `$NAME` and `${NAME}`, at any depth. */
  readonly variables: readonly ShellVariable[];
  /** What bash has and POSIX has not, at any depth, in source order. */
  readonly extensions: readonly ShellExtension[];
  /** The shell would not accept it, or it is not understood. */
  readonly errors: readonly { readonly message: string; readonly offset: number }[];
}

/** Never throws, whatever the text. */
export function parseShell(text: LogicalText): ShellScript {
  const reader = new Reader(text);
  let script: Script & { readonly errors?: readonly { message: string; pos: number }[] | undefined };
  try {
    script = parse(text.text);
    reader.readList(script);
  } catch {
    return {
      text,
      items: [],
      commands: [],
      pipelines: [],
      variables: [],
      extensions: [],
      errors: [{ message: "not understood", offset: text.range.start }],
    };
  }
  return {
    text,
    items: reader.items,
    commands: reader.commands.sort((a, b) => a.range.start - b.range.start),
    pipelines: reader.pipelines,
    variables: reader.variables.sort((a, b) => a.range.start - b.range.start),
    extensions: reader.extensions.sort((a, b) => a.range.start - b.range.start),
    errors: (script.errors ?? []).map((error) => ({
      message: error.message,
      offset: text.offsetAt(Math.min(error.pos, text.text.length)),
    })),
  };
}

type Place = ShellCommand["place"];

class Reader {
  readonly items: ShellItem[] = [];
  readonly commands: ShellCommand[] = [];
  readonly pipelines: ShellPipeline[] = [];
  readonly variables: ShellVariable[] = [];
  readonly extensions: ShellExtension[] = [];
  readonly #text: LogicalText;
  // Where the reader is: set on the way down, put back on the way up.
  #quoted = false;
  #status: ShellStatus = "returned";
  #context: ShellContext = "argument";
  #argument: { readonly command: ShellCommand; readonly word: ShellWord } | undefined;

  constructor(text: LogicalText) {
    this.#text = text;
  }

  readList(script: Script): void {
    let end: number | undefined;
    script.commands.forEach((statement, position) => {
      const chain = statement.command.type === "AndOr" ? statement.command : undefined;
      const members = chain ? chain.commands : [statement.command as Exclude<typeof statement.command, AndOr>];
      const outer: ShellStatus =
        position === script.commands.length - 1 && !statement.background ? "returned" : "ignored";
      const sometimes = chain ? chain.operators.indexOf("||") : -1;
      members.forEach((member, index) => {
        const before =
          index > 0 ? chain!.operators[index - 1] : end === undefined ? undefined : this.#separator(end, member.pos);
        const item: ShellItem & { command: ShellCommand | undefined } = {
          range: this.#range(member.pos, member.end),
          index: this.items.length,
          operator: before,
          gap: end === undefined ? undefined : this.#gap(end, member.pos),
          command: undefined,
        };
        this.items.push(item);
        // Behind `||` a command runs only sometimes; so does all that follows in the same chain.
        const place: Place = sometimes !== -1 && sometimes < index ? "conditional" : "chain";
        const first = this.commands.length;
        this.#within(chain ? statusInChain(chain, index, outer) : outer, () => this.#visit(member, place, item));
        if (member.type === "Command") {
          item.command = this.commands.slice(first).find((command) => command.range.start === item.range.start);
        }
        end = member.end;
      });
    });
  }

  /** A list inside of something, whose exit status is that of its last member. */
  #list(list: { readonly commands: readonly Statement[] }, place: Place, item: ShellItem, status: ShellStatus): void {
    list.commands.forEach(({ command, background }, index) => {
      const outer = index === list.commands.length - 1 && !background ? status : "ignored";
      if (command.type !== "AndOr") this.#within(outer, () => this.#visit(command, place, item));
      else {
        command.commands.forEach((member, position) => {
          this.#within(statusInChain(command, position, outer), () => this.#visit(member, place, item));
        });
      }
    });
  }

  #within(status: ShellStatus, read: () => void): void {
    const outer = this.#status;
    this.#status = status;
    read();
    this.#status = outer;
  }

  #as(context: ShellContext, read: () => void): void {
    const outer = this.#context;
    this.#context = context;
    read();
    this.#context = outer;
  }

  #visit(node: SyntaxNode, place: Place, item: ShellItem): ShellCommand | undefined {
    const inner = place === "chain" || place === "subshell" ? "conditional" : place;
    switch (node.type) {
      case "Command":
        return this.#command(node, place, item);
      case "Pipeline":
        this.#pipeline(node, place, item);
        return undefined;
      case "CompoundList":
        this.#list(node, place, item, this.#status);
        return undefined;
      case "Subshell":
        this.#list(node.body, place === "chain" ? "subshell" : place, item, this.#status);
        return undefined;
      case "Function":
        if (/^function\s/.test(this.#slice(node.pos, node.end)))
          this.#extension("function", node.pos, node.pos + "function".length);
        this.#within("returned", () => this.#visit(node.body, "function", item));
        return undefined;
      case "If":
        for (const { clause, then } of [node, ...node.elif]) {
          this.#list(clause, inner, item, "condition");
          this.#list(then, inner, item, this.#status);
        }
        if (node.else) this.#list(node.else, inner, item, this.#status);
        return undefined;
      case "While":
        this.#list(node.clause, inner, item, "condition");
        this.#list(node.body, inner, item, "ignored");
        return undefined;
      case "For":
      case "Select":
        if (node.type === "Select") this.#extension("select", node.pos, node.pos + "select".length);
        this.#as("list", () => {
          for (const word of node.wordlist ?? []) this.#visit(word, inner, item);
        });
        this.#list(node.body, inner, item, "ignored");
        return undefined;
      case "ArithmeticFor":
        this.#extension("for ((", node.pos, node.pos + "for".length);
        this.#as("arithmetic", () => {
          for (const part of [node.initialize, node.test, node.update]) if (part) this.#children(part, inner, item);
        });
        this.#list(node.body, inner, item, "ignored");
        return undefined;
      case "Case":
        this.#as("case", () => {
          this.#visit(node.word, inner, item);
          for (const { pattern } of node.items) for (const word of pattern) this.#visit(word, inner, item);
        });
        for (const one of node.items) {
          if (one.terminator && one.terminator !== ";;")
            this.#extension(";&", one.end - one.terminator.length, one.end);
          this.#list(one.body, inner, item, this.#status);
        }
        return undefined;
      case "Coproc":
        this.#extension("coproc", node.pos, node.pos + "coproc".length);
        this.#within("ignored", () => this.#children(node, place, item));
        return undefined;
      case "TestCommand":
        this.#extension("[[", node.pos, node.pos + 2);
        this.#as("condition", () => this.#children(node, place, item));
        return undefined;
      case "ArithmeticCommand":
        this.#extension("((", node.pos, node.pos + 2);
        this.#as("arithmetic", () => this.#children(node, place, item));
        return undefined;
      case "ArithmeticExpansion":
        if (this.#slice(node.pos, node.pos + 2) === "$[") this.#extension("$[", node.pos, node.end);
        this.#as("arithmetic", () => this.#children(node, place, item));
        return undefined;
      case "ArithmeticUnary":
        if (node.operator === "++" || node.operator === "--") this.#extension("++", node.pos, node.end);
        this.#children(node, place, item);
        return undefined;
      case "ArithmeticBinary":
        if (node.operator === "**") this.#extension("**", node.pos, node.end);
        this.#children(node, place, item);
        return undefined;
      case "CommandExpansion":
      case "ProcessSubstitution":
        this.#substitution(node, item);
        return undefined;
      case "SimpleExpansion":
        this.#variable(node.text.slice(1), node, undefined, undefined);
        return undefined;
      case "ParameterExpansion":
        this.#variable(node.parameter, node, node.operation?.operator, node.prefix);
        this.#parameterExtension(node);
        this.#children(node, place, item);
        return undefined;
      case "AnsiCQuoted":
        this.#extension("$''", node.pos, node.end);
        return undefined;
      case "BraceExpansion":
        this.#extension("{,}", node.pos, node.end);
        this.#children(node, place, item);
        return undefined;
      case "ExtendedGlob":
        this.#extension("@()", node.pos, node.end);
        this.#children(node, place, item);
        return undefined;
      case "DoubleQuoted":
      case "LocaleString": {
        if (node.type === "LocaleString") this.#extension('$""', node.pos, node.end);
        const outer = this.#quoted;
        this.#quoted = true;
        this.#children(node, place, item);
        this.#quoted = outer;
        return undefined;
      }
      case "Assignment":
        if (node.value.type === "ArrayValue") this.#extension("array", node.value.pos, node.value.end);
        else if (node.index) this.#extension("array", node.pos, node.value.pos);
        else if (node.append) this.#extension("+=", node.pos, node.value.pos);
        this.#as(node.value.type === "ArrayValue" ? "list" : "assignment", () => this.#children(node, place, item));
        return undefined;
      case "Redirect":
      case "HereString":
        this.#redirectExtension(node);
        this.#as("redirect", () => this.#children(node, place, item));
        return undefined;
      case "HereDoc":
        this.#as("heredoc", () => this.#children(node, place, item));
        return undefined;
      default:
        this.#children(node, place, item);
        return undefined;
    }
  }

  #pipeline(node: Pipeline, place: Place, item: ShellItem): void {
    const members: (ShellCommand | undefined)[] = [];
    const commands: ShellCommand[] = [];
    const negated = node.prefixes.some((prefix) => prefix.type === "Negation");
    const status = negated ? "condition" : this.#status;
    const pipeline: ShellPipeline = {
      range: this.#range(node.pos, node.end),
      commands,
      members,
      place,
      status,
      item,
      operators: node.operators.map((operator, index) => this.#operator(node.commands[index]!.end, operator)),
      negated,
    };
    if (node.commands.length > 1) this.pipelines.push(pipeline);
    node.commands.forEach((child, index) => {
      const isLast = index === node.commands.length - 1;
      if (node.operators[index] === "|&") {
        const { start, end } = pipeline.operators[index]!;
        this.extensions.push({
          kind: "|&",
          range: { start, end },
          text: "|&",
          context: this.#context,
          word: undefined,
        });
      }
      let command: ShellCommand | undefined;
      this.#within(isLast ? status : "ignored", () => {
        command = this.#visit(child, place, item);
      });
      members.push(command);
      if (!command || node.commands.length === 1) return;
      (command as { pipeline: ShellPipeline }).pipeline = pipeline;
      commands.push(command);
    });
  }

  #children(node: SyntaxNode, place: Place, item: ShellItem): void {
    forEachChild(node, (child) => {
      this.#visit(child, place, item);
    });
  }

  #substitution(node: CommandExpansionPart | ProcessSubstitutionPart, item: ShellItem): void {
    const { script } = node;
    if (node.type === "ProcessSubstitution") this.#extension("<()", node.pos, node.end);
    // Escaped backticks have a source of their own, whose positions are not ours.
    if (!script || script.source !== undefined) return;
    const only = script.commands.length === 1 ? script.commands[0]!.command : undefined;
    if (
      node.type === "CommandExpansion" &&
      only?.type === "Command" &&
      !only.name &&
      only.prefix.length === 1 &&
      only.prefix[0]!.type === "Redirect" &&
      only.prefix[0]!.operator === "<"
    )
      this.#extension("$(<)", node.pos, node.end);
    const outer = { quoted: this.#quoted, argument: this.#argument };
    this.#quoted = false;
    this.#argument = undefined;
    // Only `x=$(command)` fails when the command does.
    this.#list(script, "substitution", item, this.#context === "assignment" ? this.#status : "ignored");
    this.#quoted = outer.quoted;
    this.#argument = outer.argument;
  }

  #command(node: Command, place: Place, item: ShellItem): ShellCommand {
    const { name } = node;
    const words: ShellWord[] = name ? [this.#word(name)] : [];
    for (const argument of node.args) {
      words.push(
        argument.type === "Word" ? this.#word(argument) : this.#plainWord(argument.pos, argument.end, argument.text),
      );
    }
    const assignments: ShellAssignment[] = [];
    for (const prefix of node.prefix) {
      if (prefix.type !== "Assignment") continue;
      const value = prefix.value.type === "Word" ? staticValue(prefix.value) : undefined;
      assignments.push({ name: prefix.name, value, range: this.#range(prefix.pos, prefix.end) });
    }
    const command: ShellCommand = {
      range: this.#range(node.pos, node.end),
      words,
      name: words[0]?.value,
      args: words.slice(1),
      assignments,
      redirects: node.redirects.map((redirect) => this.#redirect(redirect)),
      place,
      pipeline: undefined,
      status: this.#status,
      item,
    };
    this.commands.push(command);
    // The status of a program counts, not that of what its words are made of.
    this.#within(name ? "ignored" : this.#status, () => {
      const outer = this.#argument;
      for (const prefix of node.prefix) this.#visit(prefix, place, item);
      if (name) this.#as("program", () => this.#inWord(command, words[0]!, name, place, item));
      node.args.forEach((argument, index) => {
        this.#as("argument", () => this.#inWord(command, words[index + 1]!, argument, place, item));
      });
      this.#argument = undefined;
      for (const part of node.suffix) {
        if (part.type !== "Word" && part.type !== "Assignment") this.#visit(part, place, item);
      }
      this.#argument = outer;
    });
    return command;
  }

  #inWord(command: ShellCommand, word: ShellWord, node: SyntaxNode, place: Place, item: ShellItem): void {
    this.#argument = { command, word };
    this.#visit(node, place, item);
    this.#argument = undefined;
  }

  #variable(
    name: string,
    node: { readonly pos: number; readonly end: number },
    operator: string | undefined,
    prefix: "#" | "!" | undefined,
  ): void {
    if (!/^[A-Za-z_]\w*$/.test(name)) return;
    this.variables.push({
      name,
      range: this.#range(node.pos, node.end),
      quoted: this.#quoted,
      context: this.#context,
      operator,
      prefix,
      word: this.#argument?.word,
      command: this.#argument?.command,
    });
  }

  #parameterExtension({ pos, end, parameter, prefix, index, operation }: ParameterExpansionPart): void {
    if (prefix === "!") this.#extension("${!}", pos, end);
    else if (index) this.#extension("${[]}", pos, end);
    else if (operation?.type === "Replace") this.#extension("${//}", pos, end);
    else if (operation?.type === "Slice") this.#extension("${:}", pos, end);
    else if (operation?.type === "CaseModification") this.#extension("${^}", pos, end);
    else if (operation?.type === "Transform" && parameter !== "") this.#extension("${@}", pos, end);
  }

  #redirectExtension(node: Redirection): void {
    if (node.descriptor?.type === "FileDescriptorVariable")
      this.#extension("{fd}", node.descriptor.pos, node.descriptor.end);
    const start = node.descriptor?.end ?? node.pos;
    if (node.type === "HereString") this.#extension("<<<", start, start + "<<<".length);
    else if (node.operator === "&>" || node.operator === "&>>") this.#extension("&>", node.pos, node.end);
    else if (node.type === "Redirect" && node.operator === ">&" && node.target && /^[^\d$`"'-]/.test(node.target.text))
      this.#extension(">&", node.pos, node.end);
  }

  #extension(kind: ShellExtensionKind, start: number, end: number): void {
    this.extensions.push({
      kind,
      range: this.#range(start, end),
      text: this.#slice(start, end),
      context: this.#context,
      word: this.#argument?.word,
    });
  }

  #slice(start: number, end: number): string {
    return this.#text.text.slice(start, end);
  }

  #word(word: UnbashWord): ShellWord {
    const { text } = word;
    return { range: this.#range(word.pos, word.end), text, value: staticValue(word), quoted: /["'\\]/.test(text) };
  }

  /** `name=value` behind the program is an ordinary argument. */
  #plainWord(pos: number, end: number, text: string): ShellWord {
    const isStatic = !/[$`*?[~{]/.test(text);
    const value = isStatic ? text.replace(/\\(.)|["']/gs, "$1") : undefined;
    return { range: this.#range(pos, end), text, value, quoted: /["'\\]/.test(text) };
  }

  #redirect(redirect: Redirection): ShellRedirect {
    const target = redirect.type === "HereDoc" ? undefined : redirect.target;
    return {
      operator: redirect.operator,
      target: target && this.#word(target),
      range: this.#range(redirect.pos, redirect.end),
    };
  }

  #range(start: number, end: number): Range {
    const last = this.#text.text.length;
    return this.#text.rangeOf(Math.min(start, last), Math.min(end, last));
  }

  #gap(start: number, end: number): Range {
    return { start: this.#range(Math.max(start - 1, 0), start).end, end: this.#range(end, end).start };
  }

  #separator(start: number, end: number): ShellItem["operator"] {
    const between = this.#text.text.slice(start, end);
    return between.includes("&") ? "&" : between.includes(";") ? ";" : "\n";
  }

  #operator(end: number, operator: string): Range {
    const start = this.#text.text.indexOf(operator, end);
    return this.#range(start, start + operator.length);
  }
}

/** The status of a member of `a && b || c`, that of the whole being given. */
function statusInChain({ commands, operators }: AndOr, index: number, whole: ShellStatus): ShellStatus {
  const operator = operators[index];
  if (operator === undefined) return whole;
  const next = commands[index + 1];
  const isForgiving =
    operator === "||" &&
    next?.type === "Command" &&
    /^(?:true|:)$/.test(next.name?.text ?? "") &&
    !operators[index + 1];
  return isForgiving ? "forgiven" : "tested";
}

/** What a word is to its command, when no expansion and no glob is in it. */
function staticValue(word: UnbashWord): string | undefined {
  if (!word.parts) return word.value;
  let value = "";
  for (const part of word.parts) {
    switch (part.type) {
      case "Literal":
      case "SingleQuoted":
      case "AnsiCQuoted":
        value += part.value;
        break;
      case "DoubleQuoted":
      case "LocaleString":
        for (const inner of part.parts) {
          if (inner.type !== "Literal") return undefined;
          value += inner.value;
        }
        break;
      default:
        return undefined;
    }
  }
  return value;
}
