export default {
  title: 'Notices',
  mine: 'For me',
  all: 'Announcements',
  markAll: 'Mark {n} as read',
  new: 'new',
  none: 'No notices',
  noneHint: 'You are told when a case, task or order changes.',
  noAnnouncements: 'No announcements',
  noAnnouncementsHint: 'What is announced to your area appears here.',
}
