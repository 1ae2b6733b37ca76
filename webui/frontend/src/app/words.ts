// The two languages of the pages, for the few sentences the browser says by itself.

export const zh = document.documentElement.lang.startsWith('zh');

export function say(chinese: string, english: string): string {
  return zh ? chinese : english;
}
