/**
 * The shell of RUN and of shell-form commands: simple commands with their words, and how they are chained (adapts
 * unbash). PowerShell and cmd are never given to it.
 */
import {
  type AndOr,
  type Command,
  forEachChild,
  parse,
  type Redirection,
  type Script,
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
  /** The member of the top-level list that it is in. */
  readonly item: ShellItem;
}

export interface ShellPipeline {
  readonly range: Range;
  readonly commands: readonly ShellCommand[];
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
}

export interface ShellScript {
  readonly text: LogicalText;
  readonly items: readonly ShellItem[];
  /** Every simple command, at any depth, in source order. */
  readonly commands: readonly ShellCommand[];
  readonly pipelines: readonly ShellPipeline[];
  /** Every `$NAME` and `${NAME}`, at any depth. */
  readonly variables: readonly ShellVariable[];
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
      errors: [{ message: "not understood", offset: text.range.start }],
    };
  }
  return {
    text,
    items: reader.items,
    commands: reader.commands.sort((a, b) => a.range.start - b.range.start),
    pipelines: reader.pipelines,
    variables: reader.variables,
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
  readonly #text: LogicalText;

  constructor(text: LogicalText) {
    this.#text = text;
  }

  readList(script: Script): void {
    let end: number | undefined;
    for (const statement of script.commands) {
      const chain = statement.command.type === "AndOr" ? statement.command : undefined;
      const members = chain ? chain.commands : [statement.command as Exclude<typeof statement.command, AndOr>];
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
        const place: Place = chain?.operators.slice(0, index).includes("||") ? "conditional" : "chain";
        const first = this.commands.length;
        this.#visit(member, place, item);
        if (member.type === "Command") {
          item.command = this.commands.slice(first).find((command) => command.range.start === item.range.start);
        }
        end = member.end;
      });
    }
  }

  #visit(node: SyntaxNode, place: Place, item: ShellItem): ShellCommand | undefined {
    switch (node.type) {
      case "Command":
        return this.#command(node, place, item);
      case "Pipeline": {
        const commands: ShellCommand[] = [];
        const pipeline: ShellPipeline = {
          range: this.#range(node.pos, node.end),
          commands,
          operators: node.operators.map((operator, index) => this.#operator(node.commands[index]!.end, operator)),
          negated: node.prefixes.some((prefix) => prefix.type === "Negation"),
        };
        if (node.commands.length > 1) this.pipelines.push(pipeline);
        for (const child of node.commands) {
          const command = this.#visit(child, place, item);
          if (!command || node.commands.length === 1) continue;
          (command as { pipeline: ShellPipeline }).pipeline = pipeline;
          commands.push(command);
        }
        return undefined;
      }
      case "Subshell":
        this.#children(node, place === "chain" ? "subshell" : place, item);
        return undefined;
      case "Function":
        this.#children(node, "function", item);
        return undefined;
      case "If":
      case "While":
      case "For":
      case "Case":
      case "Select":
      case "ArithmeticFor":
        this.#children(node, place === "chain" || place === "subshell" ? "conditional" : place, item);
        return undefined;
      case "CommandExpansion":
      case "ProcessSubstitution":
        // Escaped backticks have a source of their own, whose positions are not ours.
        if (node.script && node.script.source === undefined) this.#children(node.script, "substitution", item);
        return undefined;
      case "SimpleExpansion": {
        const name = node.text.slice(1);
        if (/^[A-Za-z_]\w*$/.test(name))
          this.variables.push({ name, range: this.#range(node.pos, node.end), quoted: this.#quoted });
        return undefined;
      }
      case "ParameterExpansion":
        if (/^[A-Za-z_]\w*$/.test(node.parameter)) {
          this.variables.push({ name: node.parameter, range: this.#range(node.pos, node.end), quoted: this.#quoted });
        }
        this.#children(node, place, item);
        return undefined;
      case "DoubleQuoted": {
        const outer = this.#quoted;
        this.#quoted = true;
        this.#children(node, place, item);
        this.#quoted = outer;
        return undefined;
      }
      default:
        this.#children(node, place, item);
        return undefined;
    }
  }

  #quoted = false;

  #children(node: SyntaxNode, place: Place, item: ShellItem): void {
    forEachChild(node, (child) => {
      this.#visit(child, place, item);
    });
  }

  #command(node: Command, place: Place, item: ShellItem): ShellCommand {
    const words: ShellWord[] = node.name ? [this.#word(node.name)] : [];
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
      item,
    };
    this.commands.push(command);
    this.#children(node, place, item);
    return command;
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
