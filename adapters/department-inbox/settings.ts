// What may be set for a department with an inbox.

export interface InboxSettings {
  linkSeconds?: number
  notify?: boolean
}

export const settingsSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    linkSeconds: {
      type: 'integer',
      description: 'How long links to files are valid, seconds. 文件链接有效期（秒）',
      minimum: 60,
      maximum: 604800,
      default: 86400,
    },
    notify: {
      type: 'boolean',
      description:
        'Whether normalised events it subscribes to are put into its inbox too. 是否同时投递其订阅的事件通知',
      default: false,
    },
  },
}
