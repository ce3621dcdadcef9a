export default {
  title: '部件',
  map: '地图部件',
  states: '状态部件',
  forbidden: '无权限',
  hint: '供开发页面时查看：每个共用部件一处，不随产品发布。',
}
