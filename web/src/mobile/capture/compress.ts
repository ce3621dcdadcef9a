// A photo made small enough for a bad line before it is queued: 1,600 px on its longer side, as JPEG. The camera's own
// metadata goes with it (place, owner): where and when are sent beside it, as the phone knows them.

export const LONGEST_PX = 1600
const THUMB_PX = 160
const QUALITY = 0.82

export interface Small {
  blob: Blob
  thumb: Blob
}

/** Throws when the browser cannot read it as a picture. */
export async function compress(file: Blob): Promise<Small> {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' })
  try {
    const small = await drawn(picture, LONGEST_PX, QUALITY)
    return {
      // A picture that is small already only loses by being written again.
      blob: file.type === 'image/jpeg' && file.size < small.size && fits(picture) ? file : small,
      thumb: await drawn(picture, THUMB_PX, 0.7),
    }
  } finally {
    picture.close()
  }
}

function fits({ width, height }: ImageBitmap): boolean {
  return Math.max(width, height) <= LONGEST_PX
}

async function drawn(picture: ImageBitmap, longest: number, quality: number): Promise<Blob> {
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(picture.width * scale))
  canvas.height = Math.max(1, Math.round(picture.height * scale))
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => {
        if (blob) resolve(blob)
        else reject(new Error('the canvas gave no picture'))
      },
      'image/jpeg',
      quality,
    )
  })
}
