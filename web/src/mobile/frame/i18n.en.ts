export default {
  product: 'Wangge Field',
  tabs: 'Main pages',
  today: 'Today',
  report: 'Report',
  tasks: 'Tasks',
  mine: 'Me',
  offline: 'Offline',
  waiting: '{n} to send',
  stopped: '{n} need you',
  signInAgain: 'You were signed out. Go on working; what you do is sent once you sign in again.',
  signIn: 'Sign in',
  wrongClock:
    'The clock of this phone is about {n} minutes off. Switch on automatic time; records use the time the server measured.',
  waitsForTimeAtStart:
    'By this phone’s clock the session is over. It goes on by itself once a network has told the time; what was saved is all there.',
  waitsForTime:
    'The clock of this phone went ahead. It goes on by itself once the network can tell the time; nothing you wrote is lost.',
  newVersion: 'A new version is ready.',
  update: 'Update',
  copyOf: 'No network. This is what was known {time}.',
  neverRead: 'This page has not been kept on this phone yet; it will be once there is a network.',
}
