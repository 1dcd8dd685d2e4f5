export default {
  language: "한국어",
  languageLabel: "한국어: change the language to Korean",
  toContent: "Skip to the content",
  sectionName: (name: string) => `Section ${name}`,
  seatsOfRow: (section: string, row: string, numbers: string[]) =>
    `${section}, row ${row}, ${numbers.length === 1 ? "seat" : "seats"} ${numbers.join(", ")}`,
};
