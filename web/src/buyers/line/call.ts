// Calling somebody who looks elsewhere: a notification where it is allowed, and a sound where it was wished for.

let audio: AudioContext | null = null;

/** Asked for by a click: browsers let pages make sounds and ask for notifications only then. */
export async function allowCalls(): Promise<boolean> {
  audio ??= new AudioContext();
  void audio.resume();
  chime(0.05);
  if (!("Notification" in globalThis)) return true;
  if (Notification.permission === "default") await Notification.requestPermission().catch(() => {});
  return true;
}

export function call(title: string, body: string): void {
  chime(0.25);
  if (document.visibilityState === "visible") return;
  try {
    if (Notification.permission !== "granted") return;
    const notice = new Notification(title, {
      body,
      icon: "/icon.svg",
      tag: "jari.turn",
      requireInteraction: true,
    });
    notice.onclick = () => {
      focus();
      notice.close();
    };
  } catch {
    // Telephones know notifications of installed apps only: the sound and the title of the tab remain.
  }
}

/** Two rising notes. */
function chime(loudness: number): void {
  if (!audio || audio.state === "closed") return;
  for (const [at, hertz] of [
    [0, 660],
    [0.22, 880],
  ] as const) {
    const [note, volume] = [audio.createOscillator(), audio.createGain()];
    const begin = audio.currentTime + at;
    note.frequency.value = hertz;
    volume.gain.setValueAtTime(loudness, begin);
    volume.gain.exponentialRampToValueAtTime(0.0001, begin + 0.6);
    note.connect(volume).connect(audio.destination);
    note.start(begin);
    note.stop(begin + 0.6);
  }
}
