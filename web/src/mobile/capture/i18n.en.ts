export default {
  photo: 'Photo {n}',
  remove: 'Remove attachment {n}',
  more: 'Another photo',
  voice: 'Voice note',
  video: 'Short video',
  recording: 'Recording, {n} s (at most {most} s)',
  stop: 'Finish',
  noRecorder:
    'The microphone or camera cannot be used. Allow it in the settings of the phone, then try again.',
  unreadable: '{n} files are not usable photos and were left out.',
}
