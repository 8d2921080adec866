/**
 * @module The word that somebody probably meant.
 */

/** The nearest of `choices`, if it is near: at most a third of the letters may be wrong. */
export function suggest(word: string, choices: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.ceil(word.length / 3) + 1;
  for (const choice of choices) {
    if (choice.startsWith(word) && word.length > 1) return choice;
    const distance = editDistance(word, choice);
    if (distance < least) {
      least = distance;
      best = choice;
    }
  }
  return best;
}

/** Insertions, deletions and replacements between two words (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replace, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
