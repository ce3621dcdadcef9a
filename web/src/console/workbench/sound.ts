// A quiet tone when new work arrives; can be turned off, and that is remembered on this machine.
import { ref, watch } from 'vue'

const KEY = 'wangge.sound'
const SECONDS = 0.25
const LOUDNESS = 0.06

export const soundOn = ref(localStorage.getItem(KEY) !== 'off')

let audio: AudioContext | undefined

watch(soundOn, (on) => {
  localStorage.setItem(KEY, on ? 'on' : 'off')
  if (on) playSoftly()
})

export function playSoftly(): void {
  if (!soundOn.value || !('AudioContext' in window)) return
  audio ??= new AudioContext()
  // Before the first click on the page the browser lets nothing sound: then it stays silent.
  if (audio.state === 'suspended') void audio.resume()
  const [from, to] = [audio.currentTime, audio.currentTime + SECONDS]
  const tone = audio.createOscillator()
  const volume = audio.createGain()
  tone.frequency.setValueAtTime(660, from)
  tone.frequency.setValueAtTime(880, from + SECONDS / 2)
  volume.gain.setValueAtTime(LOUDNESS, from)
  volume.gain.exponentialRampToValueAtTime(0.001, to)
  tone.connect(volume).connect(audio.destination)
  tone.start(from)
  tone.stop(to)
}
