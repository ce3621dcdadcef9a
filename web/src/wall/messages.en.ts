import shared from '@/shared/i18n/en'

import wall from './i18n.en'

export default { ...shared, wall }
