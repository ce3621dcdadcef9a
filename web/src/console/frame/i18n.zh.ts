export default {
  skip: '跳到正文',
  parts: '功能',
  fold: '收起',
  unfold: '展开',
  home: '回到首页',
  demo: '演示',
  demoHint: '演示数据：地名与人物均为虚构',
  account: '账户菜单',
  myAccount: '我的账户：密码与登录设备',
  switchTo: '切换到：{post}（{unit}）',
  signOut: '退出登录',
  part: { cases: '事件', command: '指挥', ground: '网格', insight: '研判', house: '管理' },
}
