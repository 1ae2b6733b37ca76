// The token simulation speaks English only; its buttons and notices are rewritten where they appear.

const WORDS: Record<string, string> = {
  'Token Simulation': '推演',
  'Toggle Token Simulation': '推演',
  'Trigger Event': '触发事件',
  'Toggle Simulation Log': '推演记录',
  'Simulation Log': '推演记录',
  'Reset Simulation': '重新推演',
  'Play Simulation': '继续推演',
  'Pause Simulation': '暂停推演',
  'Play/Pause Simulation': '暂停或继续',
  'Play/pause simulation': '暂停或继续',
  'Set Sequence Flow': '选择流向',
  'Not supported': '不支持推演',
  'Found unsupported elements': '含有不支持推演的元素',
  'Add pause point': '加停顿点',
  'Remove pause point': '去掉停顿点',
  'Toggle pause point': '停顿点',
  'No Entries': '没有记录',
  'Process started': '流程开始',
  'Process finished': '流程结束',
  'Process': '流程',
  'Finished': '结束',
  'Started': '开始',
  'Canceled': '已取消',
};

export function speakChinese(container: HTMLElement): void {
  const rewrite = (node: Node): void => {
    if (node instanceof Text) {
      const word = WORDS[node.data.trim()];
      if (word) node.data = node.data.replace(node.data.trim(), word);
    } else if (node instanceof HTMLElement) {
      const word = WORDS[node.title.trim()];
      if (word) node.title = word;
      node.childNodes.forEach(rewrite);
    }
  };
  const ours = (node: Node): boolean => {
    const element = node instanceof Element ? node : node.parentElement;
    return Boolean(element?.closest('[class*="bts-"]') ?? element?.querySelector('[class*="bts-"]'));
  };
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) if (ours(node)) rewrite(node);
  }).observe(container, { childList: true, subtree: true });
  container.querySelectorAll('[class*="bts-"]').forEach(rewrite);
}
