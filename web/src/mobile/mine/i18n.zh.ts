export default {
  title: '我的',
  grids: '负责网格：{grids}',
  changePost: '切换岗位',
  queue: '上传情况',
  notices: '通知公告',
  orders: '指令',
  team: '通讯录',
  check: '手机自检',
  background: '防止后台被关闭',
  collect: '个人信息收集告知',
  signOut: '退出登录',
  leaveClean: '退出后，本机保存的内容会全部删除。',
  leaveUnsent:
    '还有 {n} 项没有上传。退出后它们会加密封存，只有中心能打开，下次登录时交给中心。建议先连上网络上传。',
}
