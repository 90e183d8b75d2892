/**
 * A scanner with a keyboard's plug types its text very fast and ends it with Enter, wherever the focus is.
 *
 * An input method in Chinese mode hides the letters (`key` is "Process" or full-width); then the position of the key
 * tells. Letters may come in lower case; nobody cares. Slow typing by a person is left alone.
 */
const GAP_MILLISECONDS = 120;
const TEXT_LENGTH_MIN = 16;   // no code of ours is shorter, and no finger is that fast
const TEXT_LENGTH_MAX = 4296;
const POSITIONS = {
  Slash: ['/', '?'], Period: ['.', '>'], Comma: [',', '<'], Minus: ['-', '_'], Equal: ['=', '+'], Semicolon: [';', ':'],
  Space: [' ', ' '], NumpadDivide: ['/', '/'], NumpadDecimal: ['.', '.'], NumpadSubtract: ['-', '-'], NumpadAdd: ['+', '+'],
};

/** The character that this key gives, '' for one that gives none. */
function characterOf({ key, code, shiftKey }) {
  if (key.length === 1 && key >= ' ' && key <= '~') return key;
  const place = /^(?:Key([A-Z])|Digit(\d)|Numpad(\d))$/.exec(code);
  if (place) return place[1] ?? place[2] ?? place[3];
  return POSITIONS[code]?.[shiftKey ? 1 : 0] ?? '';
}

/**
 * @param {(text: string) => void} onText  called with each text that a scanner typed
 * @returns {{take: (event: KeyboardEvent) => boolean, isPartOfMore: (event: KeyboardEvent) => boolean}} `take` answers
 *   true for a key that belongs to a scanner's text for sure; `isPartOfMore` answers true when a key came as fast as a
 *   scanner's, this one or one after it.
 */
export function createKeystrokes(onText) {
  let [text, lastAt, fastAt] = ['', -Infinity, -Infinity];

  function end() {
    const whole = text;
    text = '';
    if (whole.length < TEXT_LENGTH_MIN) return false;
    onText(whole);
    return true;
  }

  return {
    take(event) {
      if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return false;
      const fast = event.timeStamp - lastAt <= GAP_MILLISECONDS;
      if (fast) fastAt = event.timeStamp;
      if (event.key === 'Enter' || event.code === 'Enter' || event.code === 'NumpadEnter') return fast ? end() : ((text = ''), false);
      const character = characterOf(event);
      if (character === '') return event.key === 'Shift' && fast && text.length >= TEXT_LENGTH_MIN;
      text = fast ? (text + character).slice(-TEXT_LENGTH_MAX) : character;
      lastAt = event.timeStamp;
      return text.length > 2;
    },
    isPartOfMore: (event) => fastAt >= event.timeStamp,
  };
}
