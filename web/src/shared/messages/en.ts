export default {
  language: "한국어",
  languageLabel: "한국어: change the language to Korean",
  toContent: "Skip to the content",
};
