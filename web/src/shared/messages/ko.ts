export default {
  language: "English",
  languageLabel: "English: 언어를 영어로 바꾸기",
  toContent: "본문으로 건너뛰기",
};
