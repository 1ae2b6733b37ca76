// Chosen photos are shown before they are sent, with size and a way to take one back.
import { say } from './words';

const EDGE = 160;

export function previewPhotos(): void {
  document.addEventListener('change', (event) => {
    const input = event.target;
    if (input instanceof HTMLInputElement && input.type === 'file') void show(input);
  });
}

async function show(input: HTMLInputElement): Promise<void> {
  let list = input.parentElement?.querySelector<HTMLUListElement>('ul.previews');
  if (!list) {
    list = document.createElement('ul');
    list.className = 'previews';
    list.ariaLabel = say('已选文件', 'Chosen files');
    input.after(list);
  }
  const files = [...(input.files ?? [])];
  list.replaceChildren(...(await Promise.all(files.map((file, index) => item(input, file, index)))));
}

async function item(input: HTMLInputElement, file: File, index: number): Promise<HTMLLIElement> {
  const li = document.createElement('li');
  const picture = await small(file);
  if (picture) li.append(picture);
  const limit = Number(input.dataset.maxBytes ?? Infinity);
  const caption = document.createElement('span');
  caption.className = 'preview-name';
  caption.textContent = `${file.name} · ${size(file.size)}`;
  if (file.size > limit) {
    li.classList.add('is-too-large');
    caption.textContent += say(` · 超过上限 ${size(limit)}`, ` · over the limit of ${size(limit)}`);
  }
  const remove = document.createElement('button');
  remove.type = 'button';
  remove.className = 'btn btn-sm';
  remove.textContent = say('移除', 'Remove');
  remove.ariaLabel = say(`移除 ${file.name}`, `Remove ${file.name}`);
  remove.addEventListener('click', () => {
    const kept = new DataTransfer();
    [...(input.files ?? [])].forEach((other, place) => place !== index && kept.items.add(other));
    input.files = kept.files;
    void show(input);
    input.focus();
  });
  li.append(caption, remove);
  return li;
}

/** A small drawing of the photo; null for what the browser cannot draw. A canvas needs no exception in the page's policy. */
async function small(file: File): Promise<HTMLCanvasElement | null> {
  if (!file.type.startsWith('image/') || file.type === 'image/svg+xml') return null;
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return null;
  const scale = Math.min(1, (EDGE * 2) / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  canvas.setAttribute('role', 'img');
  canvas.ariaLabel = file.name;
  bitmap.close();
  return canvas;
}

function size(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
