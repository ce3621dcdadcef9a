import shared from '@/shared/i18n/zh'

import wall from './i18n.zh'

export default { ...shared, wall }
