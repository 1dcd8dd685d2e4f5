export default {
  language: "한국어",
  languageLabel: "Change the language to Korean",
  toContent: "Skip to the content",
};
