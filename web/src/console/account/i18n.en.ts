export default {
  title: 'My account',
  password: 'Change the password',
  changed: 'Password changed. Sign-ins on other devices have ended.',
  sessions: 'Signed-in devices',
  sessionsHint: 'If you do not know a device, sign it out and change the password.',
  device: 'Device',
  thisOne: 'this one',
  address: 'Network address',
  since: 'Signed in',
  seen: 'Last active',
  revoke: 'Sign out',
  revokeAsk: 'Sign this device out now?',
}
