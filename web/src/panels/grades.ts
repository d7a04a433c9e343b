/** How good a source is, in words; grades are those of docs/formats/scenario.md. */
export const GRADES: Record<string, string> = {
  official: "official", "think-tank": "think tank or journal", press: "press", estimated: "derived from sourced values",
  assumed: "declared assumption",
};

export function gradeWords(grade: string): string {
  return GRADES[grade] ?? grade;
}
