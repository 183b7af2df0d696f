/** Texts of photos: taken, sent, looked at, struck out. `en.ts` has the same keys. */
const zhCN = {
  title: '照片',
  add: '添加照片',
  camera: '拍照',
  limits: '最多 {{max}} 张，大照片会先缩小再上传',
  drop: '也可把照片拖到这里',
  preparing: '准备中…',
  sending: '上传 {{percent}} %',
  waiting: '等待上传',
  failed: '没有上传：{{reason}}',
  retry: '重试',
  discard: '放弃',
  tooMany: '最多 {{max}} 张照片',
  unreadable: '无法识别此文件，请改用 JPEG、PNG 或 WebP',
  tooLarge: '文件超过 {{max}} MB',
  view: '查看照片 {{name}}',
  struckOut: '已划除',
  struckOutBy: '{{name}} {{time}} 划除：{{reason}}',
  strikeOut: '划除…',
  strikeOutTitle: '划除照片 {{name}}',
  strikeOutNote: '照片保留在记录中并注明已划除，不会删除。',
  reason: '原因',
  previous: '上一张',
  next: '下一张',
  position: '{{index}} / {{count}}',
  by: '{{name}} {{time}}',
}

export { zhCN }
export type PhotosDictionary = typeof zhCN
