import type { LostPoints, Rating, Score } from "../server/lsp/protocol.ts";
import { RATING_SCRIPT } from "./rating-script.ts";
import { RATING_STYLE } from "./rating-style.ts";

/** What there is to show. `file` is what a person calls the Dockerfile. */
export type RatingState =
  | { readonly kind: "empty" }
  | { readonly kind: "loading"; readonly file: string }
  | { readonly kind: "unrated"; readonly file: string; readonly reason: string }
  | { readonly kind: "stopped"; readonly file: string }
  | { readonly kind: "rated"; readonly file: string; readonly rating: Rating };

type Dimension = LostPoints["dimension"];

const DIMENSIONS: readonly { readonly key: Dimension; readonly title: string }[] = [
  { key: "security", title: "Security" },
  { key: "efficiency", title: "Efficiency" },
  { key: "maintainability", title: "Maintainability" },
];

/**
 * The whole HTML page that shows a rating. Its script asks for the content by the message `{ command: "ready" }`, takes it as
 * `{ html, announcement, state }`, and sends the `data-` attributes of whatever button is pressed, `command` among them.
 * @param nonce a word of letters and digits that nobody can guess; only what carries it is run or applied.
 */
export function renderPage(nonce: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Rating</title>
<style nonce="${nonce}">${RATING_STYLE}</style>
</head>
<body>
<p id="announcement" class="unseen" role="status"></p>
<main id="content"></main>
<script nonce="${nonce}">${RATING_SCRIPT}</script>
</body>
</html>`;
}

/** What stands in the page's `main`, as HTML in which every text is escaped. */
export function renderContent(state: RatingState): string {
  switch (state.kind) {
    case "empty":
      return renderNotice("No Dockerfile is open", "Open a Dockerfile to see its score and what costs it points.", [
        button("Choose a Dockerfile", { command: "choose" }, "primary"),
      ]);
    case "loading":
      return renderNotice(state.file, "Rating…");
    case "unrated":
      return renderNotice(state.file, state.reason, [
        button("Choose a Dockerfile", { command: "choose" }, "primary"),
        button("Show Output", { command: "output" }),
      ]);
    case "stopped":
      return renderNotice(state.file, "The Plimsoll server is not running, so nothing can be rated.", [
        button("Restart Server", { command: "restart" }, "primary"),
        button("Show Output", { command: "output" }),
      ]);
    case "rated":
      return [
        renderHead(state.file, state.rating),
        ...DIMENSIONS.map((dimension) => renderDimension(dimension, state.rating)),
        renderNotAssessed(state.rating.notAssessed),
        renderAccepted(state.rating.accepted),
      ].join("");
  }
}

/** One sentence that says the most important thing of the state, for those who hear the page. */
export function announce(state: RatingState): string {
  switch (state.kind) {
    case "rated":
      return announceRating(state.file, state.rating);
    case "empty":
      return "No Dockerfile is open";
    case "loading":
      return `Rating ${state.file}`;
    case "unrated":
      return `${state.file}: ${state.reason}`;
    case "stopped":
      return "The Plimsoll server is not running";
  }
}

function announceRating(file: string, { score, lost }: Rating): string {
  const costs =
    lost.length === 0 ? "" : ` ${count(lost.length, "finding")} ${lost.length === 1 ? "costs" : "cost"} points.`;
  return `${file}: ${show(score.overall)} of 10.${costs}`;
}

/** The text in HTML, safe between tags and between quotes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/**
 * The points of each finding in tenths, rounded so that together they are `total` tenths: what is seen adds up. None is more
 * than a tenth away from its value.
 */
export function apportion(points: readonly number[], total: number): readonly number[] {
  const tenths = points.map((value) => Math.floor(value * 10));
  const missing = total - tenths.reduce((sum, value) => sum + value, 0);
  const byRemainder = points
    .map((value, index) => ({ index, remainder: value * 10 - Math.floor(value * 10) }))
    .sort((left, right) => right.remainder - left.remainder);
  const raised = new Set(byRemainder.slice(0, Math.max(0, missing)).map(({ index }) => index));
  return tenths.map((value, index) => value + (raised.has(index) ? 1 : 0));
}

function renderNotice(title: string, text: string, buttons: readonly string[] = []): string {
  return `<div class="notice">${renderDisc(5)}<h1 tabindex="-1">${escapeHtml(title)}</h1><p>${escapeHtml(text)}</p>${renderButtons(buttons)}</div>`;
}

function renderHead(file: string, rating: Rating): string {
  const { overall } = rating.score;
  return `<header>
${renderDisc(overall)}
<div>
<h1 tabindex="-1">${escapeHtml(file)}</h1>
<p class="overall"><strong>${show(overall)}</strong> of 10 <span class="role">rated as ${rating.role === "application" ? "an application" : "a base image"}</span></p>
${renderProspect(rating)}
${renderButtons(renderRepairs(rating))}
</div>
</header>
<div class="bars">${DIMENSIONS.map((dimension) => renderBar(dimension, rating)).join("")}</div>`;
}

/** What fixing would give back; or that there is nothing to give back. */
function renderProspect({ score, lost, afterSafeFixes, afterAllFixes }: Rating): string {
  if (lost.length === 0) return `<p class="prospect">Nothing costs it points.</p>`;
  const parts: string[] = [];
  if (afterSafeFixes && isBetter(afterSafeFixes, score)) {
    parts.push(`<b>${show(afterSafeFixes.overall)}</b> after the safe fixes`);
  }
  if (afterAllFixes && isBetter(afterAllFixes, afterSafeFixes ?? score)) {
    parts.push(`<b>${show(afterAllFixes.overall)}</b> after all fixes`);
  }
  return `<p class="prospect">${parts.length > 0 ? parts.join(", ") : "No fix would raise the score; these need your hand."}</p>`;
}

function isBetter(after: Score, before: Score): boolean {
  return DIMENSIONS.some(({ key }) => after[key] > before[key]) || after.overall > before.overall;
}

function renderRepairs({ lost, afterSafeFixes, afterAllFixes }: Rating): readonly string[] {
  const safe = afterSafeFixes !== undefined && lost.some(({ fix }) => fix?.safety === "safe");
  const any = afterAllFixes !== undefined || lost.some(({ fix }) => fix);
  return [
    ...(safe ? [button("Fix All", { command: "fixAll", title: "Apply every safe fix" }, "primary")] : []),
    ...(any
      ? [
          button(
            "Optimize…",
            { command: "optimize", title: "Preview the Dockerfile with every fix applied" },
            safe ? "" : "primary",
          ),
        ]
      : []),
  ];
}

function renderButtons(buttons: readonly string[]): string {
  return buttons.length > 0 ? `<div class="buttons">${buttons.join("")}</div>` : "";
}

function renderBar({ key, title }: (typeof DIMENSIONS)[number], rating: Rating): string {
  const score = rating.score[key];
  const after = Math.max(score, rating.afterAllFixes?.[key] ?? score);
  const label = `${title}: ${show(score)} of 10${after > score ? `, ${show(after)} after all fixes` : ""}`;
  return `<div class="bar">
<span class="name" aria-hidden="true">${title}</span>
<svg class="${level(score)}" role="img" viewBox="0 0 100 10" preserveAspectRatio="none"><title>${label}</title>
<rect class="track" width="100" height="10"/><rect class="after" width="${width(after)}" height="10"/><rect class="now" width="${width(score)}" height="10"/>
</svg>
<span class="value" aria-hidden="true">${show(score)}</span>
</div>`;
}

function renderDimension({ key, title }: (typeof DIMENSIONS)[number], rating: Rating): string {
  const lost = rating.lost.filter(({ dimension }) => dimension === key);
  if (lost.length === 0) return "";
  const total = Math.round((10 - rating.score[key]) * 10);
  const tenths = apportion(
    lost.map(({ points }) => points),
    total,
  );
  return `<section aria-labelledby="${key}">
<h2 id="${key}">${title}<span class="total">−${show(total / 10)}</span></h2>
<ol>${lost.map((item, index) => renderLost(item, tenths[index] ?? 0)).join("")}</ol>
</section>`;
}

function renderLost(lost: LostPoints, tenths: number): string {
  const { line, character } = lost.range.start;
  const position = { line: String(line), character: String(character) };
  const where = { ...position, endline: String(lost.range.end.line), endcharacter: String(lost.range.end.character) };
  return `<li>
<span class="points">${tenths === 0 ? "&lt;&#8239;0.1" : `−${show(tenths / 10)}`}</span>
<div class="finding">
<p>${renderCode(lost.message)}</p>
<p class="details">${button(`Line ${line + 1}`, { command: "reveal", ...where, title: "Go to this line" }, "link")}
<span aria-hidden="true">·</span>
${button(lost.rule, { command: "explain", rule: lost.rule, title: `Why ${lost.rule} matters` }, "link")}</p>
${lost.refusal === undefined ? "" : `<p class="refusal">${renderCode(lost.refusal)}</p>`}
</div>
${lost.fix ? renderFix(lost.rule, lost.fix, position) : ""}
</li>`;
}

function renderFix(rule: string, fix: NonNullable<LostPoints["fix"]>, position: Record<string, string>): string {
  const safe = fix.safety === "safe";
  const title = safe ? "Safe: the image behaves the same" : "Review the change: the image may behave differently";
  const note = safe ? "" : `<span class="note">review it</span>`;
  return `<button type="button" class="fix" ${data({ command: "fix", rule, ...position })} title="${title}"><span>${renderCode(fix.title)}</span>${note}</button>`;
}

function renderNotAssessed(sentences: readonly string[]): string {
  if (sentences.length === 0) return "";
  return `<section aria-labelledby="not-assessed"><h2 id="not-assessed">Not assessed</h2>
<p class="details">What cannot be known from the file takes no points.</p>
<ul>${sentences.map((sentence) => `<li>${renderCode(sentence)}</li>`).join("")}</ul></section>`;
}

function renderAccepted(accepted: number): string {
  if (accepted === 0) return "";
  return `<p class="accepted">${count(accepted, "finding")} ${accepted === 1 ? "is" : "are"} accepted by a comment or a setting and ${accepted === 1 ? "takes" : "take"} no points.</p>`;
}

/** A disc with its load line as high as the score: full at ten. */
function renderDisc(score: number): string {
  const top = 96 - 7.2 * score;
  return `<svg class="disc ${level(score)}" aria-hidden="true" viewBox="0 0 120 120">
<defs><clipPath id="hull"><circle cx="60" cy="60" r="36"/></clipPath></defs>
<rect class="now" x="0" y="${top.toFixed(1)}" width="120" height="120" clip-path="url(#hull)"/>
<circle class="ring" cx="60" cy="60" r="40"/><path class="line" d="M6 ${top.toFixed(1)}H114"/></svg>`;
}

function button(label: string, attributes: Readonly<Record<string, string>>, kind = ""): string {
  const { title, ...rest } = attributes;
  const hint = title === undefined ? "" : ` title="${escapeHtml(title)}"`;
  return `<button type="button" class="${kind}" ${data(rest)}${hint}>${escapeHtml(label)}</button>`;
}

function data(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `data-${name}="${escapeHtml(value)}"`)
    .join(" ");
}

/** Text in which what stands between backticks is code. */
function renderCode(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, "<code>$1</code>");
}

function show(value: number): string {
  return value.toFixed(1);
}

function width(score: number): string {
  return (Math.min(10, Math.max(0, score)) * 10).toFixed(1);
}

function level(score: number): string {
  if (score >= 8) return "good";
  return score >= 5 ? "fair" : "poor";
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
