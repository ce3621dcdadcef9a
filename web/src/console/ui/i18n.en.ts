export default {
  calendar: 'Choose a day',
  since: 'since {from}',
  say: { need: 'Please fill in “{what}”.' },
  pager: { label: 'Pages', total: '{n} in all' },
  secret: { copy: 'Copy', copied: 'Copied', kept: 'I have kept it' },
}
