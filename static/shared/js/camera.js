/**
 * The phone's rear camera: opened on a person's wish, closed as soon as it is not needed.
 */
const WISHES = { facingMode: { ideal: 'environment' }, width: { ideal: 1280 }, height: { ideal: 720 } };
const SQUARE_PIXELS = 720;

/** Why there is no picture: 'denied' (the person or the browser said no) or 'absent'. */
export class NoCamera extends Error {
  constructor(reason) {
    super(reason);
    this.name = 'NoCamera';
    this.reason = reason;
  }
}

async function stream() {
  // Pages without HTTPS have no mediaDevices at all.
  if (!navigator.mediaDevices?.getUserMedia) throw new NoCamera('absent');
  try {
    return await navigator.mediaDevices.getUserMedia({ video: WISHES, audio: false });
  } catch (error) {
    throw new NoCamera(error.name === 'NotAllowedError' ? 'denied' : 'absent');
  }
}

/**
 * Show the camera in `video`.
 * @returns {Promise<{frame: () => ImageData|null, hasTorch: boolean, torch: (on: boolean) => Promise<void>,
 *   close: () => void}>} `frame` is the square middle of the picture, what the viewfinder frames.
 */
export async function openCamera(video) {
  const media = await stream();
  const track = media.getVideoTracks()[0];
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  video.srcObject = media;
  await video.play().catch(() => {});   // a page that closes while it opens; frame() then answers null
  return {
    frame() {
      const side = Math.min(video.videoWidth, video.videoHeight);
      if (!side || video.paused) return null;
      const pixels = Math.min(side, SQUARE_PIXELS);
      canvas.width = pixels;
      canvas.height = pixels;
      const [left, top] = [(video.videoWidth - side) / 2, (video.videoHeight - side) / 2];
      context.drawImage(video, left, top, side, side, 0, 0, pixels, pixels);
      return context.getImageData(0, 0, pixels, pixels);
    },
    hasTorch: Boolean(track.getCapabilities?.().torch),
    torch: (on) => track.applyConstraints({ advanced: [{ torch: on }] }),
    close() {
      for (const each of media.getTracks()) each.stop();
      video.srcObject = null;
    },
  };
}
