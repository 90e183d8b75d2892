/**
 * What a person would stumble over on the page as it stands now: too small to touch, cut off, on top of each other,
 * wider than the screen, untranslated. Answers sentences; none for a good page.
 */
({ target, english }) => {
  const faults = [];
  const width = document.documentElement.clientWidth;
  const shown = (element) => {
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && element.checkVisibility() && style.visibility === 'visible' && style.opacity !== '0';
  };
  const hidden = (element) => element.closest('.visually-hidden, [hidden], noscript, [aria-hidden="true"] video');
  const named = (element) => {
    const words = (element.getAttribute('aria-label') || element.innerText || element.value || '').trim().slice(0, 40);
    return `<${element.tagName.toLowerCase()} class="${element.getAttribute('class') ?? ''}"> ${words}`;
  };
  const open = [...document.querySelectorAll('dialog[open]')].at(-1);
  const root = open ?? document.querySelector('#app');
  const scrolls = (element) => {
    for (let each = element; each && each !== root; each = each.parentElement) {
      if (['auto', 'scroll'].includes(getComputedStyle(each).overflowX)) return true;
    }
    return false;
  };

  if (document.scrollingElement.scrollWidth > width) faults.push(`the page is ${document.scrollingElement.scrollWidth} wide on ${width}`);

  // Targets: the label of a hidden input is what is touched.
  for (const element of root.querySelectorAll('a[href], button, input, select, textarea, summary')) {
    const touched = element.matches('input[type=radio], input[type=checkbox]') ? element.closest('label') ?? element : element;
    if (!shown(touched) || hidden(element) || element.type === 'file') continue;
    const box = touched.getBoundingClientRect();
    const inline = touched.tagName === 'A' && getComputedStyle(touched).display === 'inline';
    if (!inline && (box.width < target - 0.5 || box.height < target - 0.5)) {
      faults.push(`${named(touched)}: ${Math.round(box.width)} × ${Math.round(box.height)}, less than ${target}`);
    }
  }

  // Texts, each with the boxes of its lines.
  const texts = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || hidden(element) || element.closest('svg, option') || !shown(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const lines = [...range.getClientRects()].filter((box) => box.width > 1 && box.height > 1);
    texts.push({ node, element, lines, foot: Boolean(element.closest('.app-foot, .toasts')) });
  }
  for (const { node, element, lines } of texts) {
    const words = node.data.trim().slice(0, 40);
    if (!scrolls(element) && lines.some((box) => box.right > width + 1 || box.left < -1)) faults.push(`"${words}" leaves the screen`);
    for (let each = element; each && each !== root; each = each.parentElement) {
      const style = getComputedStyle(each);
      if (!['hidden', 'clip'].includes(style.overflowX) || each.matches('.list, .balance-card')) continue;
      const box = each.getBoundingClientRect();
      if (lines.some((line) => line.right > box.right + 1 || line.bottom > box.bottom + 2)) faults.push(`"${words}" is cut by ${named(each)}`);
    }
    if (/^[a-z][\w-]*(\.[\w-]+)+$/.test(node.data.trim()) || /\{\w+[}:]/.test(node.data)) faults.push(`"${words}" is a key, not a text`);
    if (english && /[\u3400-\u9fff\uff00-\uffef]/.test(node.data) && !element.closest('[lang^="zh"]')) faults.push(`"${words}" is Chinese`);
  }
  if (english) {
    for (const element of root.querySelectorAll('[aria-label], [placeholder], [title]')) {
      const words = ['aria-label', 'placeholder', 'title'].map((name) => element.getAttribute(name) ?? '').join(' ');
      if (/[\u3400-\u9fff]/.test(words) && !element.closest('[lang^="zh"]')) faults.push(`${named(element)}: its name is Chinese`);
    }
  }
  for (let one = 0; one < texts.length; one += 1) {
    for (let other = one + 1; other < texts.length; other += 1) {
      const [a, b] = [texts[one], texts[other]];
      if (a.foot !== b.foot || a.element.contains(b.element) || b.element.contains(a.element)) continue;
      const meets = a.lines.some((p) => b.lines.some((q) => Math.min(p.right, q.right) - Math.max(p.left, q.left) > 3
        && Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top) > Math.min(p.height, q.height) * 0.35));
      if (meets) faults.push(`"${a.node.data.trim().slice(0, 30)}" and "${b.node.data.trim().slice(0, 30)}" lie on each other`);
    }
  }
  return [...new Set(faults)];
}
