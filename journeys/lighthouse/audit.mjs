// Lighthouse's accessibility score of pages, as JSON lines. Reads {port, urls, phone} from standard input.
// `port`: the debugging port of a running Chromium in which somebody is signed in; a Cookie header of ours it ignores. The score is between 0 and 1.
import lighthouse from 'lighthouse'

const { port, urls, phone } = JSON.parse(await new Response(process.stdin).text())

const DESK = {
  formFactor: 'desktop',
  screenEmulation: { mobile: false, width: 1366, height: 768, deviceScaleFactor: 1, disabled: false },
}
const PHONE = {
  formFactor: 'mobile',
  screenEmulation: { mobile: true, width: 360, height: 780, deviceScaleFactor: 2, disabled: false },
}

for (const url of urls) {
  const { lhr } = await lighthouse(url, {
    port,
    onlyCategories: ['accessibility'],
    disableStorageReset: true,
    ...(phone ? PHONE : DESK),
    throttlingMethod: 'provided',
    maxWaitForLoad: 20_000, // the live feed never falls silent
    logLevel: 'error',
  })
  const failed = Object.values(lhr.audits).filter((audit) => audit.scoreDisplayMode === 'binary' && audit.score === 0)
  console.log(
    JSON.stringify({
      url: lhr.finalDisplayedUrl,
      score: lhr.runtimeError ? null : lhr.categories.accessibility.score,
      failed: failed.map((audit) => audit.id),
      error: lhr.runtimeError?.message ?? '',
    }),
  )
}
