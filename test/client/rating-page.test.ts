import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  announce,
  apportion,
  escapeHtml,
  type RatingState,
  renderContent,
  renderPage,
} from "../../client/rating-page.ts";
import type { LostPoints, Rating } from "../../server/lsp/protocol.ts";

const TEN = { overall: 10, security: 10, efficiency: 10, maintainability: 10 };
const HOSTILE = `<img src=x onerror="alert('1')"> & \`<script>\``;

describe("the page of the rating", () => {
  it("runs and applies only what carries the nonce, and loads nothing", () => {
    const page = renderPage("n0nce");
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1];
    assert.equal(policy, "default-src 'none'; style-src 'nonce-n0nce'; script-src 'nonce-n0nce'");
    for (const tag of page.match(/<(?:script|style)\b[^>]*>/g) ?? []) assert.match(tag, /nonce="n0nce"/);
    assert.doesNotMatch(page, /https?:|<link|<img|style="|\son\w+=/);
  });

  it("needs no style or handler in the content, which the policy would refuse", () => {
    assert.doesNotMatch(rated({ lost: [lose("root-user", "security", 3)] }), /style="|\son\w+=|<script|<style/);
  });

  it("escapes hostile text wherever it comes from", () => {
    const rating = rate({
      score: { ...TEN, overall: 9, security: 7 },
      lost: [
        {
          ...lose(HOSTILE, "security", 3),
          message: HOSTILE,
          refusal: HOSTILE,
          fix: { title: HOSTILE, safety: "unsafe" },
        },
      ],
      notAssessed: [HOSTILE],
    });
    for (const html of [
      renderContent({ kind: "rated", file: HOSTILE, rating }),
      renderContent({ kind: "loading", file: HOSTILE }),
      renderContent({ kind: "unrated", file: HOSTILE, reason: HOSTILE }),
      renderContent({ kind: "stopped", file: HOSTILE }),
    ]) {
      assert.doesNotMatch(html, /<img|<script|alert\('/);
      assert.ok(html.includes("&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt; &amp; "));
    }
  });

  it("escapes what is special in tags and in quotes", () => {
    assert.equal(escapeHtml(`<a b="c" d='e'>&`), "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;");
  });

  it("shows what stands between backticks as code", () => {
    const html = rated({ lost: [{ ...lose("a", "security", 1), message: "`USER a<b` is missing" }] });
    assert.ok(html.includes("<code>USER a&lt;b</code> is missing"));
  });

  it("shows the scores, the role and what fixing gives back", () => {
    const html = rated({
      score: { overall: 6.8, security: 7.4, efficiency: 7, maintainability: 5.4 },
      afterSafeFixes: { overall: 7.9, security: 7.4, efficiency: 8.6, maintainability: 8.1 },
      afterAllFixes: { overall: 9.7, security: 10, efficiency: 10, maintainability: 8.6 },
      lost: [lose("missing-user", "security", 2.6)],
      role: "base image",
    });
    const text = textOf(html);
    assert.match(text, /6\.8 of 10 rated as a base image 7\.9 after the safe fixes, 9\.7 after all fixes/);
    for (const label of [
      "Security: 7.4 of 10, 10.0 after all fixes",
      "Maintainability: 5.4 of 10, 8.6 after all fixes",
    ]) {
      assert.ok(html.includes(`<title>${label}</title>`), label);
    }
  });

  it("says so when no fix helps", () => {
    const score = { ...TEN, overall: 9.7, maintainability: 8.6 };
    const html = rated({ score, afterSafeFixes: score, lost: [lose("latest-tag", "maintainability", 1.4)] });
    assert.match(textOf(html), /No fix would raise the score/);
    assert.doesNotMatch(html, /data-command="(?:fixAll|optimize|fix)"/);
  });

  it("lists under each dimension what it lost, in the order given, and no dimension that lost nothing", () => {
    const html = rated({
      score: { ...TEN, security: 5.5, maintainability: 9 },
      lost: [lose("first", "security", 3), lose("second", "security", 1.5), lose("third", "maintainability", 1)],
    });
    assert.match(textOf(html), /Security −4\.5 −3\.0 .*first.* −1\.5 .*second.* Maintainability −1\.0 −1\.0 .*third/);
    assert.doesNotMatch(html, /id="efficiency"/);
  });

  it("offers a way to the line, to the rule and to the fix of each finding", () => {
    const html = rated({
      lost: [
        { ...lose("safe-rule", "security", 1), fix: { title: "Do it", safety: "safe" } },
        { ...lose("unsafe-rule", "security", 1, 6), fix: { title: "Try it", safety: "unsafe" } },
        { ...lose("refused-rule", "security", 1), refusal: "only you can know" },
      ],
    });
    assert.deepEqual(buttons(html, "reveal")[1], { line: "6", character: "2", endline: "6", endcharacter: "9" });
    assert.deepEqual(
      buttons(html, "explain").map(({ rule }) => rule),
      ["safe-rule", "unsafe-rule", "refused-rule"],
    );
    assert.deepEqual(buttons(html, "fix"), [
      { rule: "safe-rule", line: "0", character: "2" },
      { rule: "unsafe-rule", line: "6", character: "2" },
    ]);
    assert.match(
      textOf(html),
      /Line 1 · safe-rule Do it −1\.0 .*Line 7 · unsafe-rule Try it review it .*only you can know/,
    );
  });

  it("offers to fix all only what is safe, and to optimize what can be fixed at all", () => {
    const unsafe = { ...lose("a", "security", 1), fix: { title: "Try it", safety: "unsafe" as const } };
    const onlyUnsafe = rated({ lost: [unsafe], afterAllFixes: TEN });
    assert.equal(buttons(onlyUnsafe, "fixAll").length, 0);
    assert.equal(buttons(onlyUnsafe, "optimize").length, 1);

    const safe = { ...unsafe, fix: { title: "Do it", safety: "safe" as const } };
    const both = rated({ lost: [safe, unsafe], afterSafeFixes: TEN, afterAllFixes: TEN });
    assert.equal(buttons(both, "fixAll").length, 1);
    assert.equal(buttons(both, "optimize").length, 1);
  });

  it("shows a perfect score without a list or a button", () => {
    const html = rated({});
    assert.match(textOf(html), /10\.0 of 10 .*Nothing costs it points\./);
    assert.doesNotMatch(html, /<ol>|<button/);
  });

  it("shows what was not assessed and what is accepted", () => {
    const html = rated({ notAssessed: ["the base image is a build argument"], accepted: 1 });
    assert.match(textOf(html), /Not assessed .*the base image is a build argument 1 finding is accepted/);
    assert.match(textOf(rated({ accepted: 2 })), /2 findings are accepted/);
  });

  const notices: readonly [RatingState, RegExp, readonly string[]][] = [
    [{ kind: "empty" }, /No Dockerfile is open/, ["choose"]],
    [{ kind: "loading", file: "Dockerfile" }, /Dockerfile Rating…/, []],
    [
      { kind: "unrated", file: "a.txt", reason: "It is no Dockerfile." },
      /a\.txt It is no Dockerfile\./,
      ["choose", "output"],
    ],
    [{ kind: "stopped", file: "Dockerfile" }, /server is not running/, ["restart", "output"]],
  ];
  for (const [state, text, commands] of notices) {
    it(`says what to do when it is ${state.kind}`, () => {
      const html = renderContent(state);
      assert.match(textOf(html), text);
      assert.deepEqual(
        [...html.matchAll(/data-command="(\w+)"/g)].map(([, command]) => command),
        commands,
      );
      assert.ok(announce(state).length > 0);
    });
  }

  it("says the score in one sentence to those who hear the page", () => {
    const rating = rate({ score: { ...TEN, overall: 6.8 }, lost: [lose("a", "security", 1)] });
    assert.equal(
      announce({ kind: "rated", file: "Dockerfile", rating }),
      "Dockerfile: 6.8 of 10. 1 finding costs points.",
    );
    assert.equal(announce({ kind: "rated", file: "Dockerfile", rating: rate({}) }), "Dockerfile: 10.0 of 10.");
  });
});

describe("points as they are shown", () => {
  const cases: readonly [points: readonly number[], total: number, shown: readonly number[]][] = [
    [[2.6], 26, [26]],
    [[1.26, 1.26, 0.39], 30, [13, 13, 4]],
    [[0.04, 0.04, 0.04], 2, [1, 1, 0]],
    [[], 0, []],
  ];
  for (const [points, total, shown] of cases) {
    it(`make ${total} tenths of ${points.join(" + ") || "nothing"}`, () => {
      assert.deepEqual(apportion(points, total), shown);
    });
  }

  it("add up to what the dimension is short of ten, none more than a tenth off", () => {
    for (let seed = 1; seed <= 500; seed++) {
      const points = Array.from({ length: 1 + (seed % 12) }, (_, index) => ((seed * (index + 3) * 7919) % 997) / 1200);
      const score = Math.floor((10 - points.reduce((sum, value) => sum + value, 0)) * 10) / 10;
      const total = Math.round((10 - score) * 10);
      const shown = apportion(points, total);
      assert.equal(
        shown.reduce((sum, value) => sum + value, 0),
        total,
      );
      for (const [index, value] of shown.entries()) assert.ok(Math.abs(value - (points[index] ?? 0) * 10) <= 1);
    }
  });

  it("never show a finding as free", () => {
    const html = rated({
      score: { ...TEN, security: 7.8 },
      lost: [lose("a", "security", 2.16), lose("b", "security", 0.01)],
    });
    assert.match(textOf(html), /−2\.2 .*< ?0\.1/);
  });
});

function lose(rule: string, dimension: LostPoints["dimension"], points: number, line = 0): LostPoints {
  const range = { start: { line, character: 2 }, end: { line, character: 9 } };
  return { rule, dimension, points, message: `${rule} says something`, range };
}

function rate(parts: Partial<Rating>): Rating {
  return {
    ...{ uri: "file:///Dockerfile", version: 1, score: TEN, lost: [], notAssessed: [], accepted: 0 },
    role: "application",
    ...parts,
  };
}

function rated(parts: Partial<Rating>): string {
  return renderContent({ kind: "rated", file: "Dockerfile", rating: rate(parts) });
}

/** The text as a person reads it, with a blank between any two parts. */
function textOf(html: string): string {
  const text = html.replace(/<title>.*?<\/title>/g, "").replace(/<\/?(?:strong|b|code)\b[^>]*>/g, "");
  return text
    .replace(/<[^>]+>/g, " ")
    .replaceAll("&lt;", "<")
    .replaceAll("&#8239;", " ")
    .replace(/\s+/g, " ");
}

/** What the buttons of this command send with it. */
function buttons(html: string, command: string): readonly Record<string, string>[] {
  return [...html.matchAll(/<button\b[^>]*>/g)]
    .map(([tag]) =>
      Object.fromEntries([...tag.matchAll(/data-(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value])),
    )
    .filter((values) => values["command"] === command)
    .map(({ command: _, ...values }) => values);
}
