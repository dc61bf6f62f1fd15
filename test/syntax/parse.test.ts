/** The parser: BuildKit's reading of a Dockerfile, also where dockerfile-ast 0.7.1 is known to differ. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { DockerfileParser } from "dockerfile-ast";
import { type Instruction, parse } from "../../server/syntax/parse.ts";
import { readPage } from "../examples.ts";

function keywords(text: string): readonly string[] {
  return parse(text).instructions.map((instruction) => instruction.keyword);
}

function only(text: string): Instruction {
  const { instructions } = parse(text);
  assert.equal(instructions.length, 1, text);
  return instructions[0]!;
}

function values(instruction: Instruction): readonly string[] {
  return instruction.arguments.map((word) => word.value);
}

describe("parser", () => {
  it("joins continuations, and leaves comments and empty lines inside them out", () => {
    const text = "RUN a \\\n  # comment\n\n  b\\\nc\nCMD x\n";
    const [run, cmd] = parse(text).instructions;
    assert.equal(run!.rest.text, "a   bc");
    assert.equal(text.slice(run!.range.start, run!.range.end), "RUN a \\\n  # comment\n\n  b\\\nc");
    assert.deepEqual(
      run!.comments.map((comment) => comment.text),
      ["comment"],
    );
    assert.equal(run!.emptyLines.length, 1);
    assert.equal(cmd!.keyword, "CMD");
  });

  it("knows where every character came from", () => {
    const text = "RUN a\\\n# c\nb d";
    const { rest } = only(text);
    for (let i = 0; i < rest.text.length; i++) assert.equal(text[rest.offsetAt(i)], rest.text[i]);
    assert.deepEqual(rest.rangeOf(0, 1), { start: 4, end: 5 });
  });

  it("does not end a word at a continuation", () => {
    const instruction = only("EXPOSE 80\\\n80");
    assert.deepEqual(values(instruction), ["8080"]);
  });

  it("reads CRLF line ends, a byte order mark, tabs and a missing last line end", () => {
    assert.deepEqual(keywords("\ufeffFROM a\r\nRUN b \\\r\n  c\r\nCMD d"), ["FROM", "RUN", "CMD"]);
    assert.equal(only("RUN b \\\r\n  c\r\n").rest.text, "b   c");
    assert.equal(parse("FROM a\r\n").lineEnd, "\r\n");
    assert.deepEqual(values(only("COPY\ta\tb")), ["a", "b"]);
  });

  it("follows the escape directive", () => {
    const text = "# escape=`\nRUN dir C:\\ `\n  /b\nCMD x";
    assert.deepEqual(keywords(text), ["RUN", "CMD"]);
    assert.equal(parse(text).escape, "`");
    assert.equal(parse("# ESCAPE = `\n").escape, "`");
  });

  it("reads directives only at the very top, each once", () => {
    const names = (text: string) => parse(text).directives.map(({ name, value }) => `${name}=${value}`);
    assert.deepEqual(names("# syntax=docker/dockerfile:1\n# check=skip=all\nFROM a"), [
      "syntax=docker/dockerfile:1",
      "check=skip=all",
    ]);
    assert.deepEqual(names("# comment\n# syntax=x\n"), []);
    assert.deepEqual(names("\n# syntax=x\n"), []);
    assert.deepEqual(names("# syntax=x\n# syntax=y\n"), ["syntax=x"]);
    assert.equal(parse("# comment\n# syntax=x\n").comments.length, 2);
  });

  it("reads flags, and what follows them", () => {
    const instruction = only("COPY --from=a --chown=b:c --link d e");
    assert.deepEqual(
      instruction.flags.map(({ name, value }) => [name, value?.value]),
      [
        ["from", "a"],
        ["chown", "b:c"],
        ["link", undefined],
      ],
    );
    assert.deepEqual(values(instruction), ["d", "e"]);
    assert.deepEqual(values(only("CMD --version")), ["--version"]);
  });

  it("reads the exec form, and takes what is almost one for the shell form", () => {
    const text = 'CMD ["a", "b \\" c"]';
    const instruction = only(text);
    assert.deepEqual(
      instruction.json?.map(({ value, range }) => [value, text.slice(range.start, range.end)]),
      [
        ["a", '"a"'],
        ['b " c', '"b \\" c"'],
      ],
    );
    for (const almost of ["CMD ['a']", 'CMD ["a",]', 'CMD ["a", 1]', 'CMD ["a"'])
      assert.equal(only(almost).json, undefined, almost);
    assert.deepEqual(
      only('RUN ["a", \\\n "b"]').json?.map(({ value }) => value),
      ["a", "b"],
    );
  });

  it("reads pairs with quotes, escapes and the legacy form", () => {
    const pairs = (text: string) => only(text).pairs.map(({ key, value, legacy }) => [key.value, value?.value, legacy]);
    assert.deepEqual(pairs(`ENV A=1 B="x y" C=a\\ b D='$X'`), [
      ["A", "1", false],
      ["B", "x y", false],
      ["C", "a b", false],
      ["D", "$X", false],
    ]);
    assert.deepEqual(pairs("ENV KEY some value"), [["KEY", "some value", true]]);
    assert.deepEqual(pairs("ENV A="), [["A", "", false]]);
    assert.deepEqual(pairs("LABEL a=1 \\\n  b=2"), [
      ["a", "1", false],
      ["b", "2", false],
    ]);
  });

  it("finds variables outside of single quotes and escapes, also inside operands", () => {
    const names = (text: string) =>
      only(text).arguments.flatMap(({ variables }) => variables.map(({ name, operator }) => [name, operator]));
    assert.deepEqual(names("FROM $A/${B:-$C}:${D#x}"), [
      ["A", undefined],
      ["B", ":-"],
      ["C", undefined],
      ["D", "#"],
    ]);
    assert.deepEqual(names(`ENV X='$A' Y=\\$B Z="$C"`), [["C", undefined]]);
  });

  it("reads what ONBUILD triggers", () => {
    const text = "ONBUILD COPY --chown=a b c";
    const { trigger } = only(text);
    assert.equal(trigger?.keyword, "COPY");
    assert.equal(trigger?.onbuild?.keyword, "ONBUILD");
    assert.deepEqual(values(trigger!), ["b", "c"]);
    assert.equal(text.slice(trigger!.range.start), "COPY --chown=a b c");
    assert.equal(only("ONBUILD").trigger, undefined);
  });

  it("gives an instruction the comments right above it, until a bare # or another instruction", () => {
    const above = (text: string) =>
      parse(text)
        .instructions.at(-1)!
        .leadingComments.map((comment) => comment.text);
    assert.deepEqual(above("# one\n# two\nFROM a"), ["one", "two"]);
    assert.deepEqual(above("# one\n\nFROM a"), ["one"]);
    assert.deepEqual(above("# one\n#\n# two\nFROM a"), ["two"]);
    assert.deepEqual(above("# one\nFROM a\nRUN b"), []);
  });
});

describe("heredocs", () => {
  it("have their bodies, names and ends", () => {
    const text = "RUN <<EOF\nfirst\n# not a comment\nEOF\nCMD x\n";
    const [run, cmd] = parse(text).instructions;
    const [heredoc] = run!.heredocs;
    assert.deepEqual([heredoc?.name, heredoc?.quoted, heredoc?.body.text], ["EOF", false, "first\n# not a comment\n"]);
    assert.equal(text.slice(run!.range.start, run!.range.end), "RUN <<EOF\nfirst\n# not a comment\nEOF");
    assert.equal(cmd!.keyword, "CMD");
    assert.equal(parse(text).comments.length, 0);
  });

  it("can be several, quoted, indented with tabs, behind other words", () => {
    const text = "COPY --chown=a <<one <<-'two' /dir/\n1\none\n\t2\n\ttwo\nRUN bash -e <<X\ny\nX\n";
    const [copy, run] = parse(text).instructions;
    assert.deepEqual(
      copy!.heredocs.map(({ name, quoted, stripsTabs, body }) => [name, quoted, stripsTabs, body.text]),
      [
        ["one", false, false, "1\n"],
        ["two", true, true, "2\n"],
      ],
    );
    assert.equal(run!.heredocs[0]?.body.text, "y\n");
  });

  it("left open take the rest of the file", () => {
    const { instructions } = parse("RUN <<EOF\nabc\nCMD x\n");
    assert.deepEqual(
      instructions.map(({ keyword }) => keyword),
      ["RUN"],
    );
    assert.equal(instructions[0]!.heredocs[0]!.closing, undefined);
  });
});

describe("where dockerfile-ast 0.7.1 differs from BuildKit", () => {
  /** Each is read wrongly by the library; were it to change, the test would tell. */
  const cases: readonly (readonly [name: string, text: string, keywords: readonly string[]])[] = [
    ["two escape characters at the end of a line do not continue it", "RUN a \\\\\nCMD b\n", ["RUN", "CMD"]],
    ["a file descriptor before a heredoc", "RUN a 4<<EOF\nx\nEOF\nCMD b\n", ["RUN", "CMD"]],
    ["a heredoc's name quoted in part", 'RUN <<EO"F"\nx\nEOF\nCMD b\n', ["RUN", "CMD"]],
    ["a heredoc's name quoted in part, in lower case", "RUN <<eo'f'\nx\neof\nCMD b\n", ["RUN", "CMD"]],
  ];
  for (const [name, text, expected] of cases) {
    it(name, () => {
      assert.deepEqual(keywords(text), expected);
      const theirs = DockerfileParser.parse(text)
        .getInstructions()
        .map((instruction) => instruction.getKeyword());
      assert.notDeepEqual(theirs, expected, "dockerfile-ast reads it right by now");
    });
  }

  it("a second heredoc may stand on a continued line", () => {
    assert.deepEqual(keywords("COPY <<a \\\n <<b /d/\n1\na\n2\nb\nCMD c\n"), ["COPY", "CMD"]);
    assert.deepEqual(keywords("RUN x <<a && \\\n  y <<b\n1\na\nUSER 2\nb\nCMD c\n"), ["RUN", "CMD"]);
  });

  it("a blank between << and the name makes no heredoc", () => {
    assert.deepEqual(keywords("RUN cat << EOF\nCMD b\n"), ["RUN", "CMD"]);
  });

  it("a heredoc in quotes is none, and CMD and USER know none", () => {
    for (const text of ['RUN echo "<<EOF"\nCMD b\n', "CMD <<EOF\nUSER b\n", "USER <<EOF\nCMD b\n"]) {
      assert.equal(parse(text).instructions.length, 2, text);
      assert.equal(parse(text).instructions[0]!.heredocs.length, 0, text);
    }
  });

  it("an escape directive behind an unknown one is a comment", () => {
    assert.equal(parse("# foo=bar\n# escape=`\nFROM a").escape, "\\");
  });

  it("blanks that are not ASCII may stand before an instruction", () => {
    for (const blank of ["\u00a0", "\v", "\f", "\u0085"])
      assert.deepEqual(keywords(`${blank}FROM a\n${blank}# c\nCMD b`), ["FROM", "CMD"]);
  });

  it("every name of an ARG counts", () => {
    assert.deepEqual(
      only("ARG a b=1").pairs.map(({ key, value }) => [key.value, value?.value]),
      [
        ["a", undefined],
        ["b", "1"],
      ],
    );
  });

  it("a trailing escape character at the end of the file ends the instruction", () => {
    assert.deepEqual(keywords("RUN a \\"), ["RUN"]);
    assert.equal(only("RUN a \\\n").rest.text, "a");
  });
});

describe("dockerfile-ast as a second opinion", () => {
  it("sees the same instructions at the same lines in every example of every rule", () => {
    let compared = 0;
    for (const path of markdownFiles("server/rules")) {
      for (const { text } of readPage(path).examples) {
        // Where it is known to differ.
        if (/<<|\\\\$/m.test(text)) continue;
        const ours = parse(text).instructions.map(({ keyword, range }) => [
          keyword,
          text.slice(0, range.start).split("\n").length,
        ]);
        const theirs = DockerfileParser.parse(text)
          .getInstructions()
          .map((one) => [one.getKeyword(), one.getRange()!.start.line + 1]);
        assert.deepEqual(ours, theirs, text);
        compared++;
      }
    }
    assert.ok(compared > 50);
  });

  it("reads our own example files alike", () => {
    for (const path of ["examples/fastapi-uv/beginner/Dockerfile", "examples/fastapi-uv/good/Dockerfile"]) {
      const text = readFileSync(path, "utf8");
      assert.deepEqual(
        keywords(text),
        DockerfileParser.parse(text)
          .getInstructions()
          .map((one) => one.getKeyword()),
      );
    }
  });

  it("reads expansions in expansions, however deep", () => {
    const deep = (depth: number) => parse(`FROM x\nENV A=${"${B:-".repeat(depth)}c${"}".repeat(depth)}\n`);
    const countIn = (depth: number) => deep(depth).instructions[1]!.pairs[0]!.value!.variables.length;
    assert.equal(countIn(50), 50);
    assert.ok(countIn(50_000) > 50);
  });
});

function markdownFiles(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".md"))
    .map((file) => `${folder}/${file}`);
}
