/** A soft two-note chime and a short vibration for a credit; silence where the browser wants silence. */
const NOTES_HERTZ = [659.25, 987.77];
const NOTE_SECONDS = 0.16;

export function chime() {
  navigator.vibrate?.(60);
  const Context = globalThis.AudioContext ?? globalThis.webkitAudioContext;
  if (!Context) return;
  const context = new Context();
  if (context.state === 'suspended') {
    context.close();   // no touch yet on this page: browsers keep it silent
    return;
  }
  NOTES_HERTZ.forEach((hertz, index) => play(context, hertz, index * NOTE_SECONDS));
  setTimeout(() => context.close(), 1000);
}

function play(context, hertz, delay) {
  const start = context.currentTime + delay;
  const [tone, volume] = [context.createOscillator(), context.createGain()];
  tone.frequency.value = hertz;
  volume.gain.setValueAtTime(0.0001, start);
  volume.gain.exponentialRampToValueAtTime(0.12, start + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, start + NOTE_SECONDS * 2);
  tone.connect(volume).connect(context.destination);
  tone.start(start);
  tone.stop(start + NOTE_SECONDS * 2);
}
