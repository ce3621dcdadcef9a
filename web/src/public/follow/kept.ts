// Reports that a resident asked to keep on this phone. Nothing is kept without being asked.
export interface KeptReport {
  number: string
  code: string
  title: string
}

const NAME = 'wangge.reports'
const MOST = 20

export function keptReports(): KeptReport[] {
  const text = localStorage.getItem(NAME)
  return text ? (JSON.parse(text) as KeptReport[]) : []
}

export function keepReport(report: KeptReport): void {
  const others = keptReports().filter(({ number }) => number !== report.number)
  localStorage.setItem(NAME, JSON.stringify([report, ...others].slice(0, MOST)))
}

export function forgetReport(number: string): void {
  localStorage.setItem(NAME, JSON.stringify(keptReports().filter((one) => one.number !== number)))
}
