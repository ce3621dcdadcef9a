export default {
  title: '身边的事，说给网格听',
  hint: '看到问题随手报，办到哪一步随时查。',
  demo: '这是演示系统，请勿填写真实个人信息。',
  large: '大字',
  skip: '跳到正文',
  notFoundHint: '请返回首页重新选择。',
}
