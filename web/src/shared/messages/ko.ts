export default {
  language: "English",
  languageLabel: "English: 언어를 영어로 바꾸기",
  toContent: "본문으로 건너뛰기",
  sectionName: (name: string) => `${name}구역`,
  seatsOfRow: (section: string, row: string, numbers: string[]) =>
    `${section} ${row}열 ${numbers.join(", ")}번`,
};
