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
    '{n} entries are not sent yet. They will be sealed for the centre, which alone can open them; at the next sign-in they go there by themselves. Better find a network first.',
  noTeam: 'No telephones yet',
  noTeamHint: 'The team of your grids is kept on this phone once there is a network.',
  noPhone: 'no duty telephone',
  kind: {
    chief: 'grid chief',
    full_time: 'full-time worker',
    part_time: 'part-time worker',
    professional: 'professional worker',
    volunteer: 'volunteer',
  },
  currentPost: '(now)',
  postUnsent:
    'Something is not sent yet. With another post it is sealed for the centre. Better send it first.',
  checking: 'Checking…',
  checkAgain: 'Check again',
  device: 'Version {version} · device {device}',
  grade: { good: 'good', warn: 'take note', bad: 'a problem' },
  allowRinging: 'Turn on',
  checks: {
    ringing: {
      title: 'Notifications',
      unavailable:
        'This browser has no push. The open page keeps itself up to date, and what is important also comes by SMS.',
      denied: 'Notifications are not allowed; allow them for this application in the settings of the phone.',
      ask: 'Not turned on: with the page closed you hear of no new tasks.',
      unreached:
        'Allowed, but the push service of this phone is not reached. The open page keeps itself up to date.',
      fine: 'On: new tasks and orders are announced with the page closed as well.',
    },
    position: {
      title: 'Position',
      denied: 'Not allowed. Allow location for this application in the settings.',
      none: 'No position yet; try again in the open.',
      coarse: 'Within about {n} m only; switch on high accuracy.',
      fine: 'Within about {n} m.',
    },
    server: {
      title: 'The server',
      unreached: 'Not reached; what you do is kept on this phone.',
      slow: 'Slow: {n} ms.',
      fine: 'Fine: {n} ms.',
    },
    storage: {
      title: 'Storage',
      full: 'Only {free} MB left; please make room.',
      notKept:
        '{used} MB used, {free} MB free. The browser may clear it when room gets scarce: add this application to the home screen.',
      fine: '{used} MB used, {free} MB free, kept for good.',
    },
    offline: {
      title: 'Without a network',
      none: 'Not ready. Open the https address and stay a moment while there is a network.',
      fine: 'Ready: it starts without a network.',
    },
    clock: {
      title: 'Clock',
      off: 'About {n} minutes off; switch on automatic time.',
      fine: 'Within {n} s of the server.',
    },
    battery: {
      title: 'Battery and battery saver',
      unknown: 'The browser does not say. Battery saver reduces locating: please keep it off.',
      low: '{n}% left, please charge; battery saver reduces locating.',
      fine: '{n}%. Battery saver reduces locating: please keep it off.',
    },
    queue: {
      title: 'To be sent',
      stopped: '{n} need you.',
      waiting: '{n} wait to be sent.',
      empty: 'Everything is sent.',
    },
    pack: {
      title: 'Data for the street',
      none: 'Not on this phone yet; find a network.',
      old: '{kb} KB, {n} hours old; renewed with a network.',
      fine: '{kb} KB, current.',
    },
  },
  why: 'With the screen off or another application in front, the phone pauses web pages, and locating with them. The track shows such gaps as they are; they are no absence.',
  always:
    'On patrol keep this application in front and the screen on (it tries to stay on while you are on duty), and add it to the home screen.',
  makers: {
    huawei: {
      name: 'Huawei, Honor',
      steps:
        '1. Settings → Apps → App launch: find the browser (or this application), switch “Manage automatically” off, allow all three.\n2. Settings → Battery: power saving off.\n3. Settings → Apps → Permissions → Location: allow, with precise location.',
    },
    xiaomi: {
      name: 'Xiaomi, Redmi',
      steps:
        '1. Settings → Apps → Manage apps: the browser (or this application) → Battery saver: no restrictions; Autostart on.\n2. Settings → Battery: battery saver off.\n3. In recent apps press the card and lock it.',
    },
    oppo: {
      name: 'OPPO, OnePlus, realme',
      steps:
        '1. Settings → Battery → More settings: sleep standby optimisation off.\n2. Settings → Apps → App management: the browser (or this application) → Battery usage: allow background activity and auto launch.\n3. In recent apps lock the card.',
    },
    vivo: {
      name: 'vivo, iQOO',
      steps:
        '1. Settings → Battery → Background power: the browser (or this application): allow high usage.\n2. iManager → App manager → Permissions → Autostart: allow.\n3. In recent apps pull the card down to lock it.',
    },
    other: {
      name: 'Other phones',
      steps:
        '1. Settings → Apps → the browser (or this application) → Battery: unrestricted.\n2. Battery saver off.\n3. Location permission while in use, with precise location.',
    },
  },
  tracker: {
    title: 'Locating in the background (optional)',
    text: 'For a track without gaps when the screen is off, install Traccar Client and enter the address and identifier below. It too is accepted on duty only; whatever comes off duty is refused.',
    url: 'Server URL',
    key: 'Device identifier',
    period: 'Frequency (s)',
    once: 'The identifier is shown only now; a new one ends the old one.',
    give: 'Make an identifier',
  },
}
