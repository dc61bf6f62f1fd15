/** The example that the README shows: what a beginner writes, what it should be, and the way from one to the other. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { diskFiles } from "../server/context/disk.ts";
import { gatherContext } from "../server/context/gather.ts";
import { type Fixed, fix } from "../server/lint/fix.ts";
import { lint } from "../server/lint/lint.ts";
import { DIMENSIONS, rate, type Score, shown } from "../server/lint/score.ts";
import { DEFAULT_SETTINGS } from "../server/lint/settings.ts";
import { syntaxErrors } from "../server/lint/verify.ts";
import { type Context, carryContext } from "../server/model/context.ts";
import { Dockerfile } from "../server/model/dockerfile.ts";
import { RULES } from "../server/rules/index.ts";

const FOLDER = "examples/fastapi-uv";

async function read(name: string): Promise<{ text: string; context: Context }> {
  const directory = `${FOLDER}/${name}`;
  const path = `${directory}/Dockerfile`;
  const text = readFileSync(path, "utf8");
  return { text, context: await gatherContext({ text, path, directory }, diskFiles(".")) };
}

function scoreOf(text: string, context: Context): Score {
  return rate(lint(new Dockerfile(text, context), RULES, DEFAULT_SETTINGS).diagnostics).score;
}

describe("the FastAPI and uv example", () => {
  it("scores badly as a beginner writes it", async () => {
    const { text, context } = await read("beginner");
    const score = scoreOf(text, context);
    assert.ok(
      score.security < 5 && score.efficiency < 7 && score.maintainability < 7 && score.overall < 6,
      JSON.stringify(score),
    );
  });

  it("scores nine or more in every dimension as it should be", async () => {
    const { text, context } = await read("good");
    const score = scoreOf(text, context);
    for (const dimension of DIMENSIONS) assert.ok(score[dimension] >= 9, `${dimension} ${score[dimension]}`);
  });

  it("gets there by its fixes, and still means the same", async () => {
    const { text, context } = await read("beginner");
    const fixed = fix(text, RULES, DEFAULT_SETTINGS, "unsafe", context).text;
    const after = new Dockerfile(fixed, carryContext(context, text, fixed));
    const score = scoreOf(fixed, after.context);
    assert.ok(score.security >= 9 && score.efficiency >= 9, JSON.stringify(score));
    assert.equal(syntaxErrors(after), 0);

    const { finalStage, stages } = after;
    assert.deepEqual(
      stages.map(({ name }) => name?.value),
      ["base", "builder", "final"],
    );
    // What it serves, where, and from what.
    assert.match(
      finalStage!
        .last("CMD")!
        .json!.map(({ value }) => value)
        .join(" "),
      /uvicorn app\.main:app --host 0\.0\.0\.0 --port 8000$/,
    );
    assert.equal(finalStage!.last("EXPOSE")!.rest.text, "8000");
    assert.equal(finalStage!.workdirBefore(), "/app");
    assert.equal(finalStage!.environmentBefore().get("LOG_DIR"), "/var/log/orders");
    // What must not be in it, and what must.
    assert.doesNotMatch(fixed, /hunter2|9f86d081/);
    const installed = after.packageOperations
      .filter(({ run, action }) => run.stage === finalStage && action === "install")
      .flatMap(({ packages }) => packages.map(({ name }) => name));
    assert.ok(
      !installed.includes("build-essential") && !installed.includes("libpq-dev") && installed.includes("libpq5"),
      installed.join(" "),
    );
    assert.equal(finalStage!.userBefore()?.isRoot, false);
    assert.match(fixed, /chown -R app:app \/var\/log\/orders[\s\S]*\nUSER app\n/);
    assert.match(fixed, /^# Orders API$/m);
  });
});

const PAGE = "docs/walkthrough.md";

describe(PAGE, () => {
  it("shows what is there and what comes out (UPDATE=1 writes it)", async () => {
    const { text, context } = await read("beginner");
    const fixed = fix(text, RULES, DEFAULT_SETTINGS, "unsafe", context);
    const score = (one: string, known: Context): string => {
      const { overall, ...dimensions } = scoreOf(one, known);
      const parts = DIMENSIONS.map((name) => `${name} ${shown(dimensions[name])}`);
      return `${shown(overall)} of 10: ${parts.join(", ")}`;
    };
    const page = readFileSync(PAGE, "utf8");
    const scores = `before  ${score(text, context)}\nafter   ${score(fixed.text, fixed.context)}\n`;
    const parts: Readonly<Record<string, string>> = {
      before: fence("dockerfile", text.replace(/(_PASSWORD|_SECRET)=\S+/g, "$1=…")),
      score: fence("text", scores),
      after: fence("dockerfile", fixed.text),
      changes: changesOf(fixed, text),
      proof: proofOf("python-uv-fastapi"),
    };
    const written = Object.entries(parts).reduce(
      (known, [name, part]) =>
        known.replace(
          new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(<!-- /${name} -->)`),
          (_, start: string, end: string) => start + part + end,
        ),
      page,
    );
    if (process.env["UPDATE"]) writeFileSync(PAGE, written);
    else assert.equal(page, written);
  });
});

function fence(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\`\n`;
}

function changesOf({ changes }: Fixed, text: string): string {
  const lines = changes
    .toSorted((a, b) => a.origin - b.origin)
    .map(({ rule, fix: { title, safety }, origin }) => {
      const line = text.slice(0, origin).split("\n").length;
      return `| ${line} | ${title} | ${safety} | [${rule.id}](../server/rules/${rule.id}.md) |\n`;
    });
  return `| line | what is done | | why |\n| ---: | --- | --- | --- |\n${lines.join("")}`;
}

/** Of the table that `npm run proof` writes: the sizes, layers and users of a case. */
function proofOf(name: string): string {
  const row = readFileSync("docs/proof.md", "utf8")
    .split("\n")
    .find((line) => line.startsWith(`| [${name}]`));
  assert.ok(row, `${name} is not in docs/proof.md`);
  const [, , , size, saved, layers, , user] = row.split("|").map((cell) => cell.trim());
  return `| size, MB | | layers | user |\n| --- | --- | --- | --- |\n| ${size} | ${saved} | ${layers} | ${user} |\n`;
}
