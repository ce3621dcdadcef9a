export default {
  title: 'Tell your grid what is wrong nearby',
  hint: 'Report what you see, and follow what becomes of it.',
  demo: 'This is a demonstration. Please do not enter real personal data.',
  large: 'Large type',
  skip: 'Skip to content',
  notFoundHint: 'Please go back to the first page.',
}
