export default { title: '键盘操作', list: '显示键盘操作', search: '搜索' }
