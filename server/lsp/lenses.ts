/** Code lenses: the score above the file, and what each stage is to the image. */
import type { CodeLens, Command } from "vscode-languageserver";
import { rate, type Score, shown } from "../lint/score.ts";
import type { Stage } from "../model/stage.ts";
import type { Estimate } from "../size/estimate.ts";
import { rounded, totalText } from "../size/text.ts";
import type { Analysis } from "./analysis.ts";
import { toRange } from "./convert.ts";
import { RATE_COMMAND } from "./protocol.ts";

/**
 * @param hasCommands the client has `plimsoll.rate`; without it the lenses are text only.
 * @param estimate absent: sizes are not shown.
 */
export function codeLenses(analysis: Analysis, hasCommands: boolean, estimate?: Estimate): CodeLens[] {
  const { document, report, rating } = analysis;
  const top = document.positionAt(0);
  const command = (title: string): Command => ({
    title,
    command: hasCommands ? RATE_COMMAND : "",
    arguments: [document.uri],
  });
  const lenses: CodeLens[] = [
    {
      range: { start: top, end: top },
      command: command(`${scoreText(rating.score)}${gainText(analysis)}${imageText(estimate)}`),
    },
  ];
  const { stages } = report.dockerfile;
  if (stages.length > 1) {
    for (const stage of stages) {
      lenses.push({
        range: toRange(document, stage.from.range),
        command: command(`${stageText(stage, analysis)}${sizeText(stage, estimate)}`),
      });
    }
  }
  return lenses;
}

/** `Score 6.8 · Security 4.9 · Efficiency 7.5 · Maintainability 9.1` */
export function scoreText({ overall, security, efficiency, maintainability }: Score): string {
  return `Score ${shown(overall)} · Security ${shown(security)} · Efficiency ${shown(efficiency)} · Maintainability ${shown(maintainability)}`;
}

function gainText(analysis: Analysis): string {
  const { overall } = analysis.rating.score;
  const safe = analysis.scoreAfter("safe")?.overall;
  const all = analysis.scoreAfter("unsafe")?.overall;
  if (safe !== undefined && shown(safe) !== shown(overall)) {
    const more = all !== undefined && shown(all) !== shown(safe) ? `, ${shown(all)} with all` : "";
    return ` — ${shown(safe)} with the safe fixes${more}`;
  }
  return all !== undefined && shown(all) !== shown(overall) ? ` — ${shown(all)} with all fixes` : "";
}

/** Of the final image; nothing where not even the base image's size is known. */
function imageText(estimate: Estimate | undefined): string {
  return estimate?.final.bytes === undefined ? "" : ` · image ${totalText(estimate.final)}`;
}

function sizeText(stage: Stage, estimate: Estimate | undefined): string {
  const size = estimate?.stages.find((one) => one.stage === stage);
  if (!size) return "";
  if (size.bytes !== undefined) return ` · ${totalText(size)}`;
  return size.added > 0 ? ` · ≈ +${rounded(size.added)}` : "";
}

function stageText(stage: Stage, { report }: Analysis): string {
  const { stages } = report.dockerfile;
  const end = stages[stage.index + 1]?.from.range.start ?? Number.POSITIVE_INFINITY;
  const own = report.diagnostics.filter(({ range }) => stage.from.range.start <= range.start && range.start < end);
  const points = 10 - rate(own).score.overall;
  const findings = own.length === 0 ? "no findings" : own.length === 1 ? "1 finding" : `${own.length} findings`;
  const cost = shown(points) === "0.0" ? "" : `, −${shown(points)}`;
  return `${placeText(stage)} · ${findings}${cost}`;
}

function placeText(stage: Stage): string {
  if (stage.isFinal) return "Final stage";
  if (stage.isInImage) return "Part of the final image";
  return stage.isReachable ? "Build stage" : "Unused stage";
}
