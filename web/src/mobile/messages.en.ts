// One chunk for this language: the shared words, and those of each feature folder under the folder's name.
import { byFolder, type Messages } from '@/shared/i18n'
import shared from '@/shared/i18n/en'

const features = import.meta.glob('./*/i18n.en.ts', { eager: true, import: 'default' })

export default { ...shared, ...byFolder(features) } as Messages
