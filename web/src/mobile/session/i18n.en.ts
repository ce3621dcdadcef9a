export default {
  title: 'Sign in',
  version: 'Version {version}',
  username: 'User name',
  password: 'Password',
  enter: 'Sign in',
  needUsername: 'Please enter the user name',
  needPassword: 'Please enter the password',
  locked: 'The account is locked for now; {time} to wait',
  startOver: 'Start over',
  totpTitle: 'Second factor',
  totpHint: 'Enter the 6-digit code shown by your authenticator application.',
  enrolTitle: 'Set up the second factor',
  enrolHint:
    'Your unit asks for a second factor. Add the key below to an authenticator application, then enter the 6-digit code it shows.',
  enrolOpen: 'Open in the authenticator',
  code: 'Code',
  needCode: 'The code has 6 digits',
  postTitle: 'Choose a post',
  postHint: 'You hold several posts. Choose the one you work in now.',
  changeTitle: 'Set a new password',
  changeHint: 'This is your first sign-in, or the password was reset. Please set your own first.',
  newPassword: 'New password',
  repeat: 'New password again',
  notSame: 'The two new passwords differ',
  passwordRule: 'At least 10 characters, not a common password, not close to the user name.',
  change: 'Save the new password',
  demoTitle: 'Demonstration accounts',
  demoHint:
    'Tap one to fill in its name. The password is shown where the server was started; it works on this machine only.',
  insecure:
    'This is not a secure connection (https), so the browser allows neither sealed storage nor work without a network. Please open the https address.',
  emptied: {
    ended: 'The time of your sign-in on this phone is over; what it kept was removed.',
    remote: 'Your session was ended from elsewhere; what this phone kept was removed.',
    other: 'What the former user kept here was removed.',
    sealed:
      '{n} of it had not been sent: sealed for the centre. After you sign in, save it as a file and hand it in.',
    lost: '{n} of it had not been sent and could not be sealed.',
  },
  role: {
    grid_worker: 'Grid worker',
    grid_chief: 'Grid chief',
    community: 'Community',
    department_clerk: 'Department clerk',
  },
  notice: {
    title: 'What is collected about you',
    version: 'Version {n} · Personal Information Protection Law, articles 13 and 17',
    where: {
      title: 'Where you are',
      text: 'Collected only after you tap “Go on duty” and until “Go off duty”, about every 10 seconds, to send whoever is near, to record patrols, and for your safety. Nothing is collected off duty. Kept for 90 days, then deleted. The command centre sees where those on duty are now; reading somebody’s track of a day needs a written reason and is on the record. Inaccurate points and gaps never cost points.',
    },
    work: {
      title: 'Your work',
      text: 'What you send about reports, tasks, patrols and visits, with its time: to handle matters and to count work. Kept with the case file. Seen by the units that handle the matter, and by your grid chief, community, sub-district and district centre.',
    },
    photos: {
      title: 'Photos, voice, short video',
      text: 'Camera and microphone are used only when you take or choose something, as evidence of a matter, kept with the case. Please keep people out of the picture who have nothing to do with it.',
    },
    phone: {
      title: 'This phone',
      text: 'The version of the application, a device number (made at random) and when it was last heard of: to find faults and to sign out remotely. Contacts, messages, calls, other photos and other applications are never read.',
    },
    never: {
      title: 'What lies on this phone',
      text: 'What you need without a network, and what is not yet sent, is kept encrypted. The key cannot be exported and is deleted when the sign-in ends, when you sign out, or when you are signed out remotely.',
    },
    rights: {
      title: 'Your rights',
      text: 'You may ask your unit to show and correct this information, and to explain how it is used. The handler is the governance command centre you belong to. Without your consent this application cannot be used; you may still work at a desk.',
    },
    agree: 'I have read this and agree',
    refuse: 'I do not agree; sign out',
  },
}
