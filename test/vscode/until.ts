import { setTimeout as delay } from "node:timers/promises";

/**
 * Asks again and again until the answer is neither undefined nor false, and returns it.
 * @throws {Error} saying what was awaited, if that takes longer than the limit in milliseconds.
 */
export async function until<T>(
  what: string,
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  limit = 20_000,
): Promise<T> {
  const deadline = Date.now() + limit;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`waited ${limit / 1000} seconds in vain: ${what}`);
    await delay(50);
  }
}
