/** One notice as a page: "#/notices/terms", "#/notices/privacy". */
import { html } from '../../shared/js/view.js';
import { Page } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';
import { back } from '../../shared/js/router.js';
import { NOTICES } from '../models/consents.js';
import { NoticeWords } from './notice_words.js';

export default function NoticePage({ part }) {
  const notice = NOTICES.includes(part) ? part : 'privacy';
  return html`<${Page} title=${t(`notice.${notice}`)} onBack=${() => back('consents')}><${NoticeWords} notice=${notice} /><//>`;
}
