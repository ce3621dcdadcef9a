export type Detect = (video: HTMLVideoElement) => Promise<string | undefined>

/** As browsers that have it say it (Shape Detection API); TypeScript does not know it yet. */
interface BarcodeDetector {
  detect: (source: HTMLVideoElement) => Promise<{ rawValue: string }[]>
}
type DetectorClass = (new (options: { formats: string[] }) => BarcodeDetector) & {
  getSupportedFormats: () => Promise<string[]>
}

/** Smaller pictures are decoded in time on a slow phone, and a code fills much of the view. */
const WIDTH_PX = 480

export async function detector(): Promise<Detect> {
  const Native = (window as { BarcodeDetector?: DetectorClass }).BarcodeDetector
  const formats = await Native?.getSupportedFormats().catch(() => [] as string[])
  if (Native && formats?.includes('qr_code')) {
    const native = new Native({ formats: ['qr_code'] })
    return async (video) => (await native.detect(video))[0]?.rawValue
  }
  const { default: decode } = await import('qr/decode.js')
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d', { willReadFrequently: true })
  return (video) => Promise.resolve(frame(video))

  function frame(video: HTMLVideoElement): string | undefined {
    if (!context || video.videoWidth === 0) return undefined
    canvas.width = Math.min(WIDTH_PX, video.videoWidth)
    canvas.height = Math.round((canvas.width * video.videoHeight) / video.videoWidth)
    context.drawImage(video, 0, 0, canvas.width, canvas.height)
    try {
      return decode(context.getImageData(0, 0, canvas.width, canvas.height))
    } catch {
      return undefined // no code in this frame
    }
  }
}
