export default {
  title: '我的账户',
  password: '修改密码',
  changed: '密码已修改，其他设备上的登录已失效。',
  sessions: '登录设备',
  sessionsHint: '看到不认识的设备，请让它下线并修改密码。',
  device: '设备',
  thisOne: '本机',
  address: '网络地址',
  since: '登录时间',
  seen: '最近活动',
  revoke: '下线',
  revokeAsk: '让此设备立即下线？',
}
