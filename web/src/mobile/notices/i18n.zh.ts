export default {
  title: '通知公告',
  mine: '给我的通知',
  all: '公告',
  markAll: '{n} 条全部标为已读',
  new: '未读',
  none: '没有通知',
  noneHint: '案件、任务、指令有变化时会通知您。',
  noAnnouncements: '没有公告',
  noAnnouncementsHint: '发给您所在范围的公告会出现在这里。',
}
