// Every fault that the `errors` of a problem document may name. The page of a refusal shows the table, and
// the type of `fieldError` derives from it; add a row here and nowhere else. What does not exist is
// `unknown-<what>`, what is not given `required` or `<what>-missing`, what is not as it must be
// `invalid-<what>`.

interface FaultRow {
  en: string
  zh: string
}

export const faultCodes = {
  // Of any body or query.
  required: { en: 'It must be given', zh: '必须填写' },
  'unknown-field': { en: 'There is no such member or parameter', zh: '没有该字段或参数' },
  'invalid-type': { en: 'It is of another type than asked for', zh: '类型不符' },
  'invalid-value': { en: 'It is none of the values allowed', zh: '取值不在允许范围内' },
  'invalid-form': { en: 'It is not written as asked for', zh: '格式不符' },
  'invalid-name': { en: 'A member may not be called so', zh: '不允许使用该名称' },
  'not-allowed': { en: 'Nothing may be given here', zh: '此处不允许填写' },
  empty: { en: 'It is empty', zh: '内容为空' },
  'too-short': { en: 'It is too short', zh: '过短' },
  'too-long': { en: 'It is too long', zh: '过长' },
  'too-few': { en: 'It has too few entries', zh: '项数过少' },
  'too-many': { en: 'It has too many entries', zh: '项数过多' },
  'too-small': { en: 'It is too small', zh: '数值过小' },
  'too-large': { en: 'It is too large', zh: '过大' },
  repeated: { en: 'It is given twice', zh: '重复' },
  'more-errors': { en: 'There are more faults than are listed', zh: '另有未列出的错误' },

  // Of text, JSON and numbers.
  'not-json': { en: 'It is not JSON', zh: '不是 JSON' },
  'invalid-bytes': { en: 'The bytes are no text in the charset', zh: '字节与字符集不符' },
  'invalid-text': { en: 'The text holds NUL or a lone surrogate', zh: '文本含有空字符或不成对的代理字符' },
  'duplicate-key': { en: 'The same key is there twice', zh: '键重复' },
  'unsafe-key': { en: 'A key of this name is not allowed', zh: '不允许使用该键名' },
  'too-deep': { en: 'It is nested too deep', zh: '嵌套过深' },
  'too-many-values': { en: 'It holds too many values', zh: '内容过多' },
  'number-too-large': { en: 'The number would lose digits: send it as text', zh: '数值过大会丢失精度' },
  'invalid-date': { en: 'It is no day or time', zh: '日期或时间无效' },
  'from-the-future': { en: 'It has not happened yet', zh: '时间晚于当前时间' },

  // Of people and places.
  'invalid-id-number': { en: 'It is no number of such a document', zh: '证件号码有误' },
  'invalid-uscc': { en: 'It is no unified social credit code', zh: '统一社会信用代码有误' },
  'id-type-wrong': {
    en: 'The document is not one of this kind of applicant',
    zh: '证件类型与申请人类型不符',
  },
  'invalid-phone': { en: 'It is no telephone number', zh: '电话号码有误' },
  'applicant-not-allowed': { en: 'The theme is for other applicants', zh: '该主题不面向此类申请人' },
  'unknown-division': { en: 'There is no such division in this city', zh: '本市没有该行政区划' },
  'division-not-allowed': { en: 'The caller may not act for this division', zh: '无权办理该行政区划的业务' },
  'address-missing': { en: 'A postal address is needed', zh: '缺少邮寄地址' },
  'address-incomplete': { en: 'No carrier could find the address', zh: '邮寄地址不完整' },
  'refused-by-carrier': { en: 'The carrier does not deliver there', zh: '寄递企业不接受该地址' },
  'span-backwards': { en: 'It ends before it begins', zh: '结束早于开始' },

  // Of windows and agents.
  'agent-missing': { en: 'A window must be named in this mode', zh: '缺少代办窗口信息' },
  'agent-unexpected': { en: 'No window belongs to this mode', zh: '该办理方式不应填写代办窗口' },
  'unknown-hall': { en: 'There is no such hall', zh: '没有该大厅' },
  'hall-elsewhere': { en: 'The hall is in another division', zh: '大厅不在该行政区划' },
  'unknown-window': { en: 'The hall has no such window', zh: '该大厅没有此窗口' },
  'window-not-authorised': { en: 'The window may not take this matter', zh: '窗口未获授权收取该事项' },
  'window-not-in-force': {
    en: 'The authorisation of the window is not in force today',
    zh: '窗口授权不在有效期内',
  },
  'window-not-collecting': { en: 'The window may not take in this material', zh: '窗口无权收取该材料' },
  'window-may-not-verify': { en: 'A window may not verify this material', zh: '窗口不能核验该材料' },

  // Of the catalogue.
  'unknown-theme': { en: 'There is no such theme', zh: '没有该主题' },
  'unknown-version': { en: 'There is no such version of the catalogue', zh: '没有该清单版本' },
  'unknown-matter': { en: 'There is no such matter', zh: '没有该事项' },
  'matter-not-offered': { en: 'The matter is not offered in the division', zh: '该区划不办理此事项' },
  'matter-not-planned': { en: 'The matter is not part of the submission', zh: '本次申办不包含该事项' },
  'mode-not-offered': { en: 'It is not offered in this mode', zh: '不支持该办理方式' },
  'not-offered': { en: 'It is not offered', zh: '不提供' },
  'nothing-to-do': {
    en: 'With these answers there is nothing to handle',
    zh: '按所填情形没有需要办理的事项',
  },
  'situation-missing': { en: 'A question of the theme is not answered', zh: '情形未填写' },
  'situation-wrong': { en: 'It is none of the answers allowed', zh: '情形取值有误' },
  'unknown-situation': { en: 'The theme has no such question', zh: '该主题没有此情形' },

  // Of materials and files.
  'material-missing': { en: 'A material is needed that is not given', zh: '缺少材料' },
  'unknown-material': { en: 'There is no such material here', zh: '没有该材料' },
  'material-repeated': { en: 'The material is given twice', zh: '材料重复' },
  'material-source-not-allowed': {
    en: 'The material may not come from this source',
    zh: '该材料不支持此来源',
  },
  'material-from-matter': {
    en: 'The material is the result of another matter',
    zh: '该材料由其他事项办理产生',
  },
  'not-paper': { en: 'It is not on paper', zh: '不是纸质' },
  'unknown-certificate-type': { en: 'There is no such certificate type', zh: '没有该证照类型' },
  'certificate-type-wrong': { en: 'It is another certificate type than asked for', zh: '证照类型不符' },
  'identifier-wrong': { en: 'The identifier has a wrong check character', zh: '电子证照标识校验位不符' },
  'unknown-reusable': { en: 'There is no such material to be used again', zh: '没有可再次使用的该材料' },
  'reusable-other-holder': { en: 'It is not the material of this applicant', zh: '该材料不属于本申请人' },
  'reusable-other-material': { en: 'It is another material', zh: '不是该材料' },
  'reusable-expired': { en: 'It may not be used any more', zh: '可用期限已过' },
  'not-reusable': { en: 'The material may not be used again', zh: '该材料不能再次使用' },
  'from-missing': {
    en: 'It must be named which earlier material is used again',
    zh: '须填写所再次使用的材料编号',
  },
  'from-not-shared': { en: 'Only what is shared comes from an earlier case', zh: '仅共享材料可来自此前办件' },
  'file-missing': { en: 'A file is needed', zh: '缺少文件' },
  'unknown-file': { en: 'No file was uploaded under this id', zh: '没有该编号的文件' },
  'file-type': { en: 'The material takes no files of this type', zh: '材料不接收此类文件' },
  'file-too-large': { en: 'The file is larger than the material may be', zh: '文件超过该材料的大小限制' },
  'empty-file': { en: 'The file is empty', zh: '文件为空' },
  'media-type-mismatch': { en: 'The bytes are not of the type announced', zh: '内容与声明的类型不符' },
  'media-type-refused': { en: 'Files of this type are not taken', zh: '不接收此类文件' },
  'media-type-unreadable': { en: 'The Content-Type cannot be read', zh: 'Content-Type 无法识别' },
  'digest-unusable': { en: 'The digest announced cannot be used', zh: '声明的摘要无法使用' },
  'hash-mismatch': { en: 'The bytes do not have the hash announced', zh: '内容与摘要不符' },
  truncated: { en: 'It ended before all of it came', zh: '未传完即中断' },
  'storage-full': { en: 'There is no room for files at present', zh: '存储空间不足' },
  'part-missing': { en: 'The form lacks a part that is named', zh: '表单缺少该部分' },
  'part-unused': { en: 'Nothing names this part of the form', zh: '表单的该部分未被引用' },
  'part-unnamed': { en: 'A part of the form has no usable name', zh: '表单的部分缺少名称' },
  'part-repeated': { en: 'Two parts of the form have one name', zh: '表单的部分名称重复' },
  'too-many-parts': { en: 'The form has too many parts', zh: '表单的部分过多' },
  'boundary-missing': { en: 'The form names no boundary', zh: '表单未给出 boundary' },

  // Of appointments.
  'appointment-missing': { en: 'A slot must be named in this mode', zh: '缺少预约时段' },
  'appointment-unexpected': { en: 'No appointment belongs to this mode', zh: '该办理方式不应填写预约' },
  'unknown-slot': { en: 'There is no such slot', zh: '没有该时段' },
  'slot-for-others': { en: 'The slot is for others, or for other matters', zh: '该时段不面向此申请或事项' },
  'slot-not-open': { en: 'The slot cannot be booked now', zh: '该时段目前不可预约' },
  'slot-full': { en: 'The slot has no seat left', zh: '该时段已约满' },
  'slot-not-held': { en: 'The seat is held no more', zh: '号源保留已失效' },
  'slot-gone': { en: 'The slot was moved or withdrawn', zh: '该时段已变更或取消' },

  // Of what is done again.
  'unknown-submission': { en: 'There is no such submission', zh: '没有该申办' },
  'number-taken': { en: 'Another submission has this number', zh: '该编号已用于另一份申办' },
  'redo-taken': { en: 'It is being done again already', zh: '正在重新办理' },
  'redo-other-applicant': {
    en: 'The earlier submission is of another applicant',
    zh: '与此前申办的申请人不一致',
  },
  'redo-other-theme': { en: 'The earlier submission is of another theme', zh: '与此前申办的主题不一致' },
  'redo-nothing-failed': { en: 'Nothing of it failed', zh: '没有未办成的事项' },
  'redo-nothing-planned': {
    en: 'Nothing of it belongs to these situations',
    zh: '按所填情形没有需要重新办理的事项',
  },
  'redo-not-in-submission': { en: 'The earlier submission has no such matter', zh: '此前申办不包含该事项' },
  'redo-not-failed': { en: 'The matter did not fail', zh: '该事项未被退回、撤回或终止' },
  'redo-needs': { en: 'A matter before it failed as well', zh: '其前序事项也未办成' },
  'redo-waits': { en: 'A matter before it is not settled', zh: '其前序事项尚未办结' },

  // Of hand-overs.
  'unknown-system': { en: 'There is no such system', zh: '未接入该系统' },
  'unknown-department': {
    en: 'The department decides nothing of the submission',
    zh: '该部门不办理本申办的办件',
  },
  'same-keeper': { en: 'From and to are the same', zh: '移交方与接收方相同' },
  'before-last-hand-over': { en: 'A later hand-over is known', zh: '早于最近一次交接' },

  // Of operators' orders.
  'unknown-event': { en: 'The system was never told of this event', zh: '该事件未曾推送给此系统' },
  'invalid-configuration': { en: 'A file of the configuration is wrong', zh: '配置文件有误' },
} as const satisfies Record<string, FaultRow>

export type FaultCode = keyof typeof faultCodes
