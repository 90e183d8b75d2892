/** What is wrong with a field, in a sentence: found here before the server was asked, or said by the server. */
import { hasWords, language, t } from '../../shared/js/i18n.js';
import { unitName } from './scene_words.js';

/** `trouble` is {word, values} of ours or {reason, sentence} of the server's; nothing where there is none. */
export function troubleWords(trouble) {
  if (!trouble) return '';
  if (trouble.word) return t(trouble.word, { ...trouble.values, unit: trouble.values.unit ? unitName(trouble.values.unit) : '' });
  if (language() === 'en' && trouble.sentence) return trouble.sentence;
  return hasWords(`refused.${trouble.reason}`) ? t(`refused.${trouble.reason}`) : trouble.sentence || trouble.reason;
}
