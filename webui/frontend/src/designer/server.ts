// Talking to the server about one diagram or table: open, check, save with the revision it was opened at.
import { csrfToken } from '../app/csrf';
import { say } from '../app/words';
import type { Checked, Finding } from './page';

export class Conflict extends Error {}

export class Refused extends Error {
  constructor(message: string, readonly findings: Finding[]) {
    super(message);
  }
}

export async function open(url: string): Promise<string> {
  const answer = await fetch(url, { headers: { Accept: 'application/xml, text/xml' } });
  if (!answer.ok) throw new Error(sentence(answer.status));
  return answer.text();
}

export async function check(url: string, xml: string, signal?: AbortSignal): Promise<Checked> {
  const answer = await send('POST', url, xml, {}, signal);
  return { findings: answer.findings ?? [], firings: answer.firings ?? {} };
}

/** Raises `Conflict` when somebody saved another revision meanwhile. */
export async function save(url: string, xml: string, revision: string): Promise<Checked & { revision: string }> {
  const answer = await send('PUT', url, xml, { 'If-Match': revision });
  return { revision: String(answer.revision ?? revision), findings: answer.findings ?? [], firings: answer.firings ?? {} };
}

async function send(method: string, url: string, xml: string, headers: Record<string, string> = {}, signal?: AbortSignal): Promise<any> {
  const answer = await fetch(url, {
    method,
    signal,
    body: xml,
    headers: { 'Content-Type': 'application/xml', Accept: 'application/json', 'X-CSRFToken': csrfToken(), ...headers },
  }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Error(say('连接不上服务器，没有保存。', 'The server cannot be reached; nothing was saved.'));
  });
  const json = answer.headers.get('Content-Type')?.includes('json') ? await answer.json() : {};
  if (answer.status === 409 || answer.status === 412) throw new Conflict();
  if (!answer.ok) throw new Refused(json[say('zh', 'en')] ?? json.message ?? sentence(answer.status), json.findings ?? []);
  return json;
}

function sentence(status: number): string {
  if (status === 401) return say('登录已过期：请在另一个窗口登录后再保存。', 'You have been signed out: sign in in another window, then save.');
  if (status === 403) return say('您没有权限修改。', 'You may not change this.');
  if (status === 413) return say('文件太大。', 'The file is too large.');
  return say(`服务器回答错误 ${status}。`, `The server answered with error ${status}.`);
}
