/** The shell of RUN: commands, words and chains, with their places in the Dockerfile. */
import assert from "node:assert/strict";
import { parse } from "../../server/syntax/parse.ts";
import { parseShell, type ShellScript } from "../../server/syntax/shell.ts";

function shell(text: string): ShellScript {
  return parseShell(parse(text).instructions[0]!.rest);
}

function words(text: string): readonly (readonly (string | undefined)[])[] {
  return shell(text).commands.map((command) => command.words.map((word) => word.value));
}

describe("shell", () => {
  it("finds every command with its words, wherever it stands", () => {
    assert.deepEqual(words("RUN a 'b c' && if d; then e; fi; (f) | g; x=$(h) i"), [
      ["a", "b c"],
      ["d"],
      ["e"],
      ["f"],
      ["g"],
      ["i"],
      ["h"],
    ]);
  });

  it("does not know what an expansion or a glob holds", () => {
    assert.deepEqual(words('RUN a "$B" c*d ${E} "f g"'), [["a", undefined, undefined, undefined, "f g"]]);
  });

  it("gives the places in the Dockerfile, across continuations and comments", () => {
    const text = "RUN apt-get update && \\\n  # tools\n  apt-get install -y \\\n    git\n";
    const command = shell(text).commands[1]!;
    assert.deepEqual(
      command.words.map(({ range }) => text.slice(range.start, range.end)),
      ["apt-get", "install", "-y", "git"],
    );
    assert.equal(text.slice(command.item.gap!.start, command.item.gap!.end), " && \\\n  # tools\n  ");
  });

  it("knows how the members of the list are joined, and which run for certain", () => {
    const { items, commands } = shell("RUN a && b || c; d & e");
    assert.deepEqual(
      items.map(({ operator }) => operator),
      [undefined, "&&", "||", ";", "&"],
    );
    assert.deepEqual(
      commands.map(({ name, place }) => [name, place]),
      [
        ["a", "chain"],
        ["b", "chain"],
        ["c", "conditional"],
        ["d", "chain"],
        ["e", "chain"],
      ],
    );
  });

  it("tells subshells, conditions, functions and substitutions from the chain", () => {
    const places = (text: string) => Object.fromEntries(shell(text).commands.map(({ name, place }) => [name, place]));
    assert.deepEqual(places("RUN (a; b); if c; then d; fi; e() { f; }; g $(h)"), {
      a: "subshell",
      b: "subshell",
      c: "conditional",
      d: "conditional",
      f: "function",
      g: "chain",
      h: "substitution",
    });
  });

  it("knows pipelines", () => {
    const text = "RUN a | b | c && d";
    const { pipelines, commands } = shell(text);
    assert.deepEqual(
      pipelines.map((pipeline) => pipeline.commands.map(({ name }) => name)),
      [["a", "b", "c"]],
    );
    assert.deepEqual(
      pipelines[0]!.operators.map(({ start, end }) => text.slice(start, end)),
      ["|", "|"],
    );
    assert.equal(commands.find(({ name }) => name === "d")!.pipeline, undefined);
  });

  it("finds variables at every depth, and whether they are quoted", () => {
    const found = shell(`RUN a $B "\${C:-$D}" '$E' \\$F $(g "$H") $1 $?`).variables.map(({ name, quoted }) => [
      name,
      quoted,
    ]);
    assert.deepEqual(found, [
      ["B", false],
      ["C", true],
      ["D", true],
      ["H", true],
    ]);
  });

  it("takes assignments and redirections for what they are", () => {
    const [command] = shell("RUN A=1 B=$C cmd >out 2>&1 </in").commands;
    assert.deepEqual(
      command!.assignments.map(({ name, value }) => [name, value]),
      [
        ["A", "1"],
        ["B", undefined],
      ],
    );
    assert.deepEqual(
      command!.redirects.map(({ operator, target }) => [operator, target?.value]),
      [
        [">", "out"],
        [">&", "1"],
        ["<", "/in"],
      ],
    );
  });

  it("reports what is no shell, and goes on", () => {
    for (const text of ["RUN if a; then", "RUN a && ", 'RUN echo "', "RUN )", "RUN a ||", "RUN case x in"]) {
      const script = shell(text);
      assert.ok(script.errors.length > 0, text);
      for (const { offset } of script.errors) assert.ok(offset >= 0 && offset <= text.length);
    }
  });
});
