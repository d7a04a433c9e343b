/** What went wrong, as it is told: the sentence of an error, or whatever was thrown. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
