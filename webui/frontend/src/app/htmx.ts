// Partial page updates: nothing evaluated from the page, no page kept in browser storage, errors told in words.
import htmx from 'htmx.org/dist/htmx.esm.js';
import { csrfToken } from './csrf';
import { tell } from './tell';
import { say } from './words';

type RequestEvent = CustomEvent<{ headers: Record<string, string>; verb: string; xhr: XMLHttpRequest }>;

export function configureHtmx(): void {
  Object.assign(htmx.config, {
    includeIndicatorStyles: false,
    allowEval: false,
    allowScriptTags: false,
    // A text box that was drawn larger has a style of its own; the page's policy forbids copying it.
    attributesToSettle: ['class'],
    historyCacheSize: 0,
    refreshOnHistoryMiss: true,
    // A refused form comes back with its sentences (422) and is shown like any other answer.
    responseHandling: [
      { code: '204', swap: false },
      { code: '[23]..', swap: true },
      { code: '422', swap: true },
      { code: '[45]..', swap: false, error: true },
    ],
  });
  document.addEventListener('htmx:configRequest', (event) => {
    const { headers, verb } = (event as RequestEvent).detail;
    if (verb !== 'get') headers['X-CSRFToken'] = csrfToken();
  });
  document.addEventListener('htmx:responseError', (event) => tell(sentence((event as RequestEvent).detail.xhr.status)));
  document.addEventListener('htmx:sendError', () =>
    tell(say('连接不上服务器，刚才的操作没有送出，请稍后再试。', 'The server cannot be reached; nothing was sent. Try again in a moment.')),
  );
}

function sentence(status: number): string {
  if (status === 401) return say('登录已过期，请重新登录。', 'You have been signed out. Sign in again.');
  if (status === 403) return say('您没有权限做这一步。', 'You may not do this.');
  if (status === 404) return say('没有找到，可能已被移走。', 'Not found; it may have moved.');
  if (status === 409) return say('内容已被他人更改，请刷新后再办。', 'Someone changed this meanwhile. Reload the page and try again.');
  if (status === 413) return say('文件太大。', 'The file is too large.');
  if (status === 429) return say('操作太频繁，请稍后再试。', 'Too many requests. Try again in a moment.');
  return say(`没有办成（错误 ${status}）。`, `That did not work (error ${status}).`);
}
