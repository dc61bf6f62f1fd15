/** The example that the README shows: what a beginner writes, what it should be, and the way from one to the other. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { diskFiles } from "../server/context/disk.ts";
import { gatherContext } from "../server/context/gather.ts";
import { fix } from "../server/lint/fix.ts";
import { lint } from "../server/lint/lint.ts";
import { DIMENSIONS, rate, type Score } from "../server/lint/score.ts";
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
