export default {
  photo: '照片 {n}',
  remove: '删除第 {n} 个附件',
  more: '再拍一张',
  voice: '录音',
  video: '短视频',
  recording: '正在录制 {n} 秒（最长 {most} 秒）',
  stop: '完成录制',
  noRecorder: '无法使用麦克风或相机，请在系统设置中允许后再试。',
  unreadable: '有 {n} 个文件不是可用的照片，未加入。',
}
