// The token simulation and the heading of the panel speak English only; their words are rewritten where they appear.

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
  'Set animation speed = Slow': '慢速',
  'Set animation speed = Normal': '常速',
  'Set animation speed = Fast': '快速',
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

// What the heading of the properties panel calls an element.
const KINDS: Record<string, string> = {
  'user task': '人工任务', 'service task': '自动任务', 'script task': '计算任务', 'business rule task': '决策任务',
  'send task': '发送任务', 'receive task': '接收任务', 'call activity': '调用流程', 'sub process': '子流程', task: '任务',
  'manual task': '手工任务', 'exclusive gateway': '排他网关', 'parallel gateway': '并行网关', 'inclusive gateway': '包容网关',
  'event based gateway': '事件网关', 'start event': '开始事件', 'end event': '结束事件', 'boundary event': '边界事件',
  'intermediate catch event': '中间捕获事件', 'intermediate throw event': '中间抛出事件', 'sequence flow': '流向',
  'conditional flow': '条件流向', 'default flow': '默认流向', 'message flow': '消息流', participant: '泳池', lane: '泳道',
  process: '流程', collaboration: '协作图', 'text annotation': '注释', association: '关联', group: '分组',
  timer: '定时', message: '消息', signal: '信号', error: '错误', escalation: '升级', terminate: '终止',
};

function kind(english: string): string | undefined {
  const words = english.trim().toLowerCase();
  if (KINDS[words]) return KINDS[words];
  const trigger = /^(timer|message|signal|error|escalation|terminate) (.+)$/.exec(words);
  const non = /^(.+) \(non-interrupting\)$/.exec(words);
  if (non) return `${kind(non[1]) ?? non[1]}（不中断）`;
  return trigger && KINDS[trigger[2]] ? KINDS[trigger[1]] + KINDS[trigger[2]] : undefined;
}

export function speakChinese(board: HTMLElement, panel: HTMLElement): void {
  follow(board, '[class*="bts-"]', (text) => WORDS[text]);
  follow(panel, '.bio-properties-panel-header-type', kind);
}

/** Rewrites texts and titles below `container` that lie in or around what `selector` finds, now and after every change. */
function follow(container: HTMLElement, selector: string, word: (text: string) => string | undefined): void {
  const rewrite = (node: Node): void => {
    if (node instanceof Text) {
      const found = word(node.data.trim());
      if (found) node.data = found;
    } else if (node instanceof HTMLElement) {
      const found = word(node.title.trim());
      if (found) node.title = found;
      node.childNodes.forEach(rewrite);
    }
  };
  const ours = (node: Node): boolean => {
    const element = node instanceof Element ? node : node.parentElement;
    return Boolean(element?.closest(selector) ?? element?.querySelector(selector));
  };
  new MutationObserver((changes) => {
    for (const change of changes) {
      const nodes = change.type === 'characterData' ? [change.target] : change.addedNodes;
      for (const node of nodes) if (ours(node)) rewrite(node);
    }
  }).observe(container, { childList: true, subtree: true, characterData: true });
  container.querySelectorAll(selector).forEach(rewrite);
}
