export default {
  title: 'Me',
  grids: 'My grids: {grids}',
  changePost: 'Change post',
  queue: 'What is being sent',
  notices: 'Notices',
  orders: 'Orders',
  team: 'Team telephones',
  check: 'Check this phone',
  background: 'Keep it running',
  collect: 'What is collected about me',
  signOut: 'Sign out',
  leaveClean: 'Signing out removes everything kept on this phone.',
  leaveUnsent:
    '{n} entries are not sent yet. They will be sealed for the centre, which alone can open them, and handed over at the next sign-in. Better find a network first.',
}
