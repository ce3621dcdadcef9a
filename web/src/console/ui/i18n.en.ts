export default {
  since: 'since {from}',
  pager: { label: 'Pages', total: '{n} in all' },
  secret: { copy: 'Copy', copied: 'Copied', kept: 'I have kept it' },
}
