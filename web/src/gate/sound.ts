// A sound for each colour, so that nobody has to look: high for in, two for "look here", low for no.

import type { Tone } from "./verdict";

const NOTES: Record<Tone, number[]> = { good: [880], warn: [520, 520], bad: [180] };
const NOTE_S = 0.14;
let audio: AudioContext | null = null;

/** Browsers allow a sound only after somebody touched the page; before that there is none. */
export function sound(tone: Tone): void {
  audio ??= new AudioContext();
  const begin = audio.currentTime;
  NOTES[tone].forEach((hertz, at) => {
    if (!audio) return;
    const [note, volume] = [audio.createOscillator(), audio.createGain()];
    note.frequency.value = hertz;
    volume.gain.value = 0.2;
    note.connect(volume).connect(audio.destination);
    note.start(begin + at * 1.6 * NOTE_S);
    note.stop(begin + at * 1.6 * NOTE_S + NOTE_S);
  });
}
