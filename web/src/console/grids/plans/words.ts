// A step in words: grids by the end of their codes, as people in one community call them.
import { useI18n } from 'vue-i18n'

import type { Step } from './model'

const short = (code: string) => code.slice(12) || code

export function useStepWords(): (step: Step) => string {
  const { t } = useI18n()
  return (step) => {
    switch (step.act) {
      case 'split':
        return t('grids.plans.step.split', {
          one: short(step.code),
          new: (step.codes ?? []).map(short).join('、') || '…',
        })
      case 'merge':
        return t('grids.plans.step.merge', {
          codes: step.codes.map(short).join('、'),
          into: short(step.into ?? '') || '…',
        })
      case 'move':
        return t('grids.plans.step.move', { one: short(step.one), other: short(step.other) })
      case 'draw':
        return step.code.length === 12
          ? t('grids.plans.step.border', { code: step.code })
          : t('grids.plans.step.draw', { one: short(step.code) })
      case 'shift':
        return t('grids.plans.step.shift', { codes: Object.keys(step.shapes).map(short).join('、') })
      case 'found':
        return t('grids.plans.step.found', { name: step.name, code: short(step.code ?? '') || '…' })
      case 'pass_on':
        return step.ends
          ? t('grids.plans.step.mergeCommunity', { source: step.source, to: step.to })
          : t('grids.plans.step.passOn', { grids: (step.grids ?? []).map(short).join('、'), to: step.to })
    }
  }
}
