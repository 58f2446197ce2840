// The launcher's handful of words; the panel brings its own.

type Words = [open: string, close: string];

const WORDS: Words[] = [
  ["Open chat", "Close chat"],
  ["打开在线沟通", "收起在线沟通"],
  ["開啟線上對話", "收合線上對話"],
];

export function wordsFor(lang: string): Words {
  const index = !/^zh/i.test(lang) ? 0 : /^zh.(tw|hk|mo|hant)/i.test(lang) ? 2 : 1;
  return WORDS[index] as Words;
}
