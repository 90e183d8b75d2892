/** The Enter that ends what a USB scanner typed: it must not press the button that has the focus. */
import { useRef } from '../../shared/js/view.js';

const SCANNER_MILLISECONDS = 80;   // faster than any hand: this Enter ends a scan, it does not press the button

/** A keydown handler that stops the Enter of a USB scanner that read the next voucher while a dialog was open. */
export function useNoScannerEnter() {
  const typedAt = useRef(-Infinity);
  return (event) => {
    if (event.key.length === 1) typedAt.current = event.timeStamp;
    if (event.key === 'Enter' && event.timeStamp - typedAt.current < SCANNER_MILLISECONDS) event.preventDefault();
  };
}
