/** Unified diffs: https://www.gnu.org/software/diffutils/manual/html_node/Detailed-Unified.html */

/** Lines around a change. */
const CONTEXT = 3;

/**
 * The diff of two texts under one path, as `patch -p1` and `git apply` take it; empty when they are the same.
 * @param before `null`: there is no such file.
 */
export function unifiedDiff(path: string, before: string | null, after: string): string {
  const a = linesOf(before ?? "");
  const b = linesOf(after);
  const changes = compareLines(a, b);
  if (changes.length === 0) return "";
  const name = path.replace(/^\/+/, "");
  const lines = [before === null ? "--- /dev/null\n" : `--- a/${name}\n`, `+++ b/${name}\n`];
  for (const hunk of hunksOf(changes)) {
    const first = hunk[0]!;
    const last = hunk.at(-1)!;
    const start = Math.max(0, first.start - CONTEXT);
    const end = Math.min(a.length, last.end + CONTEXT);
    const newStart = first.newStart - (first.start - start);
    const newEnd = last.newEnd + (end - last.end);
    lines.push(`@@ -${spanOf(start, end)} +${spanOf(newStart, newEnd)} @@\n`);
    let at = start;
    for (const change of hunk) {
      lines.push(...a.slice(at, change.start).map((line) => mark(" ", line)));
      lines.push(...a.slice(change.start, change.end).map((line) => mark("-", line)));
      lines.push(...b.slice(change.newStart, change.newEnd).map((line) => mark("+", line)));
      at = change.end;
    }
    lines.push(...a.slice(at, end).map((line) => mark(" ", line)));
  }
  return lines.join("");
}

/** Lines `start` to `end` give way to `newStart` to `newEnd` of the other text. */
interface Change {
  readonly start: number;
  readonly end: number;
  readonly newStart: number;
  readonly newEnd: number;
}

/** Changes that are so near that the lines between them are in both contexts. */
function hunksOf(changes: readonly Change[]): readonly (readonly Change[])[] {
  const hunks: Change[][] = [];
  for (const change of changes) {
    const hunk = hunks.at(-1);
    if (hunk && change.start - hunk.at(-1)!.end <= 2 * CONTEXT) hunk.push(change);
    else hunks.push([change]);
  }
  return hunks;
}

/** The fewest lines that differ, found as in Myers, "An O(ND) Difference Algorithm and Its Variations" (1986). */
function compareLines(a: readonly string[], b: readonly string[]): readonly Change[] {
  const middle = a.length + b.length + 1;
  // How far each diagonal is reached, and how far it was before each step.
  const furthest = new Int32Array(2 * middle + 1);
  const trace: Reach[] = [];
  for (let distance = 0; ; distance++) {
    const from = middle - distance - 1;
    const before = furthest.slice(from, middle + distance + 2);
    const reach: Reach = (diagonal) => before[diagonal + middle - from]!;
    trace.push(reach);
    for (let diagonal = -distance; diagonal <= distance; diagonal += 2) {
      let x = goesDown(reach, diagonal, distance) ? reach(diagonal + 1) : reach(diagonal - 1) + 1;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++;
      furthest[diagonal + middle] = x;
      if (x >= a.length && x - diagonal >= b.length) return readTrace(trace, a.length, b.length);
    }
  }
}

type Reach = (diagonal: number) => number;

function goesDown(reach: Reach, diagonal: number, distance: number): boolean {
  return diagonal === -distance || (diagonal !== distance && reach(diagonal - 1) < reach(diagonal + 1));
}

/** The way back from the ends, one inserted or deleted line at each step; neighbours become one change. */
function readTrace(trace: readonly Reach[], aLength: number, bLength: number): readonly Change[] {
  const changes: Change[] = [];
  let x = aLength;
  let y = bLength;
  for (let distance = trace.length - 1; distance > 0; distance--) {
    const reach = trace[distance]!;
    const down = goesDown(reach, x - y, distance);
    const diagonal = x - y + (down ? 1 : -1);
    x = reach(diagonal);
    y = x - diagonal;
    const end = down ? x : x + 1;
    const newEnd = down ? y + 1 : y;
    const later = changes.at(-1);
    if (later && later.start === end && later.newStart === newEnd)
      changes[changes.length - 1] = { ...later, start: x, newStart: y };
    else changes.push({ start: x, end, newStart: y, newEnd });
  }
  return changes.reverse();
}

/** With their line ends. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function mark(sign: string, line: string): string {
  return line.endsWith("\n") ? sign + line : `${sign}${line}\n\\ No newline at end of file\n`;
}

function spanOf(start: number, end: number): string {
  const length = end - start;
  return length === 1 ? `${start + 1}` : `${length === 0 ? start : start + 1},${length}`;
}
