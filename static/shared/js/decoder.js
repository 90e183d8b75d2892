/**
 * Find QR codes in pictures. The decoder (about 400 kB packed) is loaded on the first use, from this host only.
 */
const PROGRAM = import.meta.resolve?.('../vendor/zxing-wasm/reader/zxing_reader.wasm')
  ?? new URL('../vendor/zxing-wasm/reader/zxing_reader.wasm', import.meta.url).href;
const OPTIONS = { formats: ['QRCode'], maxNumberOfSymbols: 1, tryHarder: true };
const PHOTO_OPTIONS = { ...OPTIONS, tryDownscale: true, tryRotate: true };

let loading = null;

/** Load the decoder ahead of the first frame; a failed load may be tried again. */
export function loadDecoder() {
  loading ??= start().catch((error) => {
    loading = null;
    throw error;
  });
  return loading;
}

async function start() {
  const reader = await import('../vendor/zxing-wasm/es/reader/index.js');
  // Without this the library would ask a public host for its WebAssembly file.
  const locateFile = () => PROGRAM;
  await reader.prepareZXingModule({ overrides: { locateFile }, fireImmediately: true });
  return reader;
}

function textIn(results) {
  return results.find((result) => result.isValid !== false && result.text)?.text ?? null;
}

/** The text of a QR code in one camera frame, or null. */
export async function readFrame(imageData) {
  const reader = await loadDecoder();
  return textIn(await reader.readBarcodes(imageData, OPTIONS));
}

/** The text of a QR code in a photo a person took or chose, or null. */
export async function readPhoto(file) {
  const reader = await loadDecoder();
  return textIn(await reader.readBarcodes(file, PHOTO_OPTIONS));
}
