/**
 * Draw a QR code in the page, without the network. The encoder is loaded when the first code is drawn.
 */
import { html, useEffect, useState } from './view.js';

let encoder = null;

function loadEncoder() {
  encoder ??= import('../vendor/qrcode-generator/qrcode.mjs').then((module) => module.default ?? module.qrcode);
  return encoder;
}

const ALPHANUMERIC = /^[0-9A-Z $%*+\-./:]*$/;

/** The dark modules as one SVG path in module units, and the code's width in modules. */
export async function codePath(text, level = 'M') {
  const qrcode = await loadEncoder();
  const code = qrcode(0, level);
  code.addData(text, ALPHANUMERIC.test(text) ? 'Alphanumeric' : 'Byte');
  code.make();
  const modules = code.getModuleCount();
  let path = '';
  for (let row = 0; row < modules; row += 1) {
    for (let column = 0; column < modules; column += 1) {
      if (code.isDark(row, column)) path += `M${column} ${row}h1v1h-1z`;
    }
  }
  return { path, modules };
}

const QUIET_MODULES = 4;

/** A QR code of `text`, dark on white on every theme; `label` is what a screen reader says. */
export function QrCode({ text, label, level = 'M' }) {
  const [drawn, setDrawn] = useState(null);
  useEffect(() => {
    let wanted = true;
    codePath(text, level).then((code) => wanted && setDrawn(code));
    return () => { wanted = false; };
  }, [text, level]);
  const size = (drawn?.modules ?? 33) + 2 * QUIET_MODULES;
  const corner = `${-QUIET_MODULES} ${-QUIET_MODULES}`;
  return html`<svg role="img" aria-label=${label} viewBox=${`${corner} ${size} ${size}`} shape-rendering="crispEdges"
    data-text=${drawn ? text : ''}>
    <path d=${`M${corner}h${size}v${size}h${-size}z`} fill="#ffffff" />
    <path d=${drawn?.path ?? ''} fill="#0b1713" />
  </svg>`;
}
