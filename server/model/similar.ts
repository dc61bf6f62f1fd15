/** "Did you mean": the closest of some names. */

/**
 * The candidate that is at most two typing errors away from `name`, and fewer than half of its letters; the closest,
 * then the first. `undefined`: none is, or one is the name itself.
 */
export function closest(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.min(2, Math.ceil(name.length / 2) - 1) + 1;
  for (const candidate of candidates) {
    if (candidate === name) return undefined;
    const errors = typingErrors(name.toLowerCase(), candidate.toLowerCase());
    if (errors < least) {
      least = errors;
      best = candidate;
    }
  }
  return best;
}

/** Letters added, left out, replaced, or swapped with their neighbour (optimal string alignment distance). */
export function typingErrors(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const above = rows[i - 1]!;
      let errors = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        errors = Math.min(errors, rows[i - 2]![j - 2]! + 1);
      row.push(errors);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
