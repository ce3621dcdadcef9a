export default {
  title: 'Parts',
  map: 'Map parts',
  states: 'State parts',
  forbidden: 'No permission',
  hint: 'For whoever builds pages: each shared part once. Not shipped with the product.',
}
