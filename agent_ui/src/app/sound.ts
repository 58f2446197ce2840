/** One soft note, made on the spot: no file to load, none to be blocked. */

export function chime(): void {
  try {
    const context = new AudioContext();
    const at = context.currentTime;
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.setValueAtTime(660, at);
    tone.frequency.setValueAtTime(880, at + 0.09);
    volume.gain.setValueAtTime(0.08, at);
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.35);
    tone.connect(volume).connect(context.destination);
    tone.start(at);
    tone.stop(at + 0.36);
    tone.onended = () => void context.close();
  } catch {
    // Browsers refuse sound before the first click on the page; the badge and the title remain.
  }
}
