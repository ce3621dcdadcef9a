// Every form of the desk and of the residents' pages sends through useForm: what was typed outlives a lost connection, an
// ended session and somebody who was first. A new one that does not fails here.
import { describe, expect, test } from 'vitest'

const sources = import.meta.glob<string>(
  ['/src/{console,public}/**/*.{ts,vue}', '!/src/**/*.spec.ts', '!/src/console/kit/**'],
  { eager: true, query: '?raw', import: 'default' },
)

/** What somebody types or chooses into. */
const FIELDS =
  /<(El(Input|InputNumber|Select|DatePicker|TimePicker|RadioGroup|CheckboxGroup|Upload|Rate)|Van(Field|Uploader)|DayField|textarea|input)\b/
const WRITES = /\bapi\.(POST|PUT|PATCH|DELETE)\(\s*'([^']+)'/g

/** Asked with a body because the question is long or names people; nothing is written that a person typed to be kept. */
const QUESTIONS = new Set([
  '/api/answers/match',
  '/api/calendar/preview',
  '/api/consultations/of-caller',
  '/api/dispatch-rules/explain',
  '/api/dispatch-rules/lint',
  '/api/dispatch-rules/trials',
  '/api/find',
  '/api/intake/place',
  '/api/public/follow',
  '/api/registry/search',
])

/** Fields and a write in one component, and no useForm: why nothing typed can be lost there. */
const FILTERS = 'its fields filter a list; what it sends is a press, or goes through a form of its own'
const FILES = 'each file is sent by itself, stays in the list where that failed, and is sent again from there'
const OTHERWISE: Record<string, string> = {
  'console/cases/evidence/EvidencePicker.vue': FILES,
  'console/cases/list/CaseListPage.vue': FILTERS,
  'console/cases/many/ManyDialog.vue':
    'a move for each case, each with its own key and answer, kept through a reload (useRun)',
  'console/cases/moves/JoinPicker.vue': 'its field searches; what was found is sent by MoveForm',
  'console/field/HandedInPage.vue':
    'a file of the phone, sent as it is chosen; the page says what was refused',
  'console/field/PatrolsPage.vue': FILTERS,
  'console/field/TerminalsPage.vue': FILTERS,
  'console/field/TracksPage.vue': FILTERS,
  'console/intake/MatchingAnswers.vue':
    'the words stay in their field; the call they belong to is the form (useIntake)',
  'console/notices/NoticesPage.vue': FILTERS,
  'console/registry/CleaningPage.vue': FILTERS,
  'console/registry/MergePage.vue':
    'two records are chosen, nothing is typed; the reason goes through SayForm',
  'console/registry/care/CarePage.vue': FILTERS,
  'console/settings/calendar/CalendarPage.vue':
    'a draft of the year, kept whatever is answered; the button says every fault of it',
  'console/settings/dispatch/DispatchPage.vue':
    'a draft of all rules, kept whatever is answered, and put on the rules of others (rebased)',
  'console/settings/dispatch/TrialPanel.vue': 'tries the draft on past cases; nothing is kept',
  'console/workbench/WorkbenchPage.vue': FILTERS,
  'public/report/PhotoPicker.vue': FILES,
}

const components = Object.entries(sources).filter(([file]) => file.endsWith('.vue'))

describe('a component that sends what somebody typed', () => {
  const outside = components
    .filter(([file, text]) => keeps(text) && sends(file, text) && !/\buseForm\b/.test(text))
    .map(([file]) => nameOf(file))
    .sort()

  test('sends it through useForm, or says here why not', () => {
    expect(outside.filter((file) => !(file in OTHERWISE))).toEqual([])
  })

  test('is no longer excused once it does', () => {
    expect(Object.keys(OTHERWISE).filter((file) => !outside.includes(file))).toEqual([])
  })
})

/** A form over what stands, that does not ask whether it is still what was looked at: why nobody is written over. */
const ALONE: Record<string, string> = {
  'console/accounts/EndPost.vue': 'the one day on which a post ends',
  'console/notices/WishesForm.vue': "one's own wishes",
}

test('a form that changes what stands says what it looked at', () => {
  const over = components
    .filter(([, text]) => /\buseForm\b/.test(text) && /\bapi\.(PUT|PATCH)\(/.test(text))
    .filter(([, text]) => !/\bovertaken: \{/.test(text))
    .map(([file]) => nameOf(file))
    .sort()
  expect(over).toEqual(Object.keys(ALONE).sort())
})

test('a component that writes says what was refused', () => {
  const silent = components
    .filter(([, text]) => writesIn(text).length > 0)
    .filter(
      ([, text]) =>
        !/\b(useForm|useErrors|useShown|useLatest|WriteButton|SayForm|WordsForm|useList)\b/.test(text),
    )
    .map(([file]) => nameOf(file))
  expect(silent).toEqual([])
})

test('an idle question is no exception', () => {
  const asked = new Set(
    Object.values(sources).flatMap((text) => [...text.matchAll(WRITES)].map(([, , path]) => path)),
  )
  expect([...QUESTIONS].filter((path) => !asked.has(path))).toEqual([])
})

/** It has fields, or holds what was typed into the fields of its parts. */
function keeps(text: string): boolean {
  return FIELDS.test(text) || /\buseLeaveGuard\(/.test(text)
}

/** It has a button that writes, a write of its own, or a function of a file beside it that has one. */
function sends(file: string, text: string): boolean {
  const beside = [...text.matchAll(/^import \{([^}]+)\} from '(\.[^']*)'/gm)].some(
    ([, names = '', path = '']) =>
      names
        .split(',')
        .some((name) => writers(new URL(`${path}.ts`, `file://${file}`).pathname).has(name.trim())),
  )
  return beside || /<WriteButton\b/.test(text) || writesIn(text).length > 0
}

/** The functions of a module that write. */
function writers(module: string): Set<string> {
  const parts = (sources[module] ?? '').split(/^(?=export )/m)
  const names = parts.map((part) =>
    writesIn(part).length > 0 ? /(?:function|const) (\w+)/.exec(part)?.[1] : undefined,
  )
  return new Set(names.filter((name) => name !== undefined))
}

function writesIn(text: string): string[] {
  return [...text.matchAll(WRITES)].flatMap(([, , path = '']) => (QUESTIONS.has(path) ? [] : [path]))
}

function nameOf(file: string): string {
  return file.replace(/^\/src\//, '')
}
