/** What a hand on the counter hears and feels: two rising notes for yes, a low double buzz for no. */
const NOTE_SECONDS = 0.14;
const YES = { notes: [784, 1175], shape: 'sine', volume: 0.25, shake: [70] };
const NO = { notes: [196, 165], shape: 'square', volume: 0.12, shake: [120, 80, 120] };
let context = null;

/** Browsers give sound only after a touch or a key: call it on each. */
export function allowSound() {
  const Context = globalThis.AudioContext ?? globalThis.webkitAudioContext;
  if (!Context) return;
  context ??= new Context();
  if (context.state === 'suspended') context.resume().catch(() => {});   // silence is allowed, the colour speaks too
}

function play(hertz, start, { shape, volume }) {
  const [tone, gain] = [context.createOscillator(), context.createGain()];
  tone.type = shape;
  tone.frequency.value = hertz;
  gain.gain.setValueAtTime(0.0001, start);
  gain.gain.exponentialRampToValueAtTime(volume, start + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, start + NOTE_SECONDS * 1.6);
  tone.connect(gain).connect(context.destination);
  tone.start(start);
  tone.stop(start + NOTE_SECONDS * 1.6);
}

/** Say yes or no. */
export function signalOutcome(good) {
  const kind = good ? YES : NO;
  navigator.vibrate?.(kind.shake);
  if (context?.state !== 'running') return;
  kind.notes.forEach((hertz, index) => play(hertz, context.currentTime + index * NOTE_SECONDS * 1.3, kind));
}
