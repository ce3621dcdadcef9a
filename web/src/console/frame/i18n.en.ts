export default {
  skip: 'Skip to content',
  parts: 'Parts',
  fold: 'Fold',
  unfold: 'Unfold',
  home: 'Back to the start',
  demo: 'Demo',
  demoHint: 'Demonstration data: places and people are invented',
  account: 'account menu',
  myAccount: 'My account: password and sessions',
  switchTo: 'Switch to: {post} ({unit})',
  signOut: 'Sign out',
  part: { cases: 'Cases', command: 'Command', ground: 'Grids', insight: 'Insight', house: 'Administration' },
}
