export default {
  calendar: '选择日期',
  since: '{from} 起',
  say: { need: '请填写“{what}”。' },
  pager: { label: '翻页', total: '共 {n} 条' },
  secret: { copy: '复制', copied: '已复制', kept: '我已记下' },
}
