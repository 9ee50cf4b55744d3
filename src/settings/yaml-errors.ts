// What the YAML parser complains about, said so that it can be mended by someone who does not know YAML well.
// Sentences only.

import type { ErrorCode, YAMLError } from 'yaml'

type Sentence = readonly [en: string, zh: string]

const sentences: Partial<Record<ErrorCode, Sentence>> = {
  TAB_AS_INDENT: ['A tab is used to indent: use spaces', '用制表符缩进：请改用空格'],
  BAD_INDENT: [
    'The indentation does not fit the lines around it: indent fields of one group alike',
    '缩进与上下文不一致：同一组字段应对齐',
  ],
  DUPLICATE_KEY: [
    'This field is written twice in one group: keep one of them',
    '同一组中该字段重复出现：请只保留一个',
  ],
  MISSING_CHAR: [
    'A closing quote or bracket, or a space or colon, is missing here or before',
    '此处或之前缺少引号、括号、冒号或空格',
  ],
  BLOCK_AS_IMPLICIT_KEY: ['A colon too many, or a value that needs quotes', '多了一个冒号，或该值需要加引号'],
  MULTILINE_IMPLICIT_KEY: [
    'A colon is missing after a field name, or a value needs quotes',
    '字段名后缺少冒号，或该值需要加引号',
  ],
  BAD_SCALAR_START: [
    'A value may not start with this character: put the value in quotes',
    '值不能以该字符开头：请加引号',
  ],
  BAD_ALIAS: ['The name after * is not marked with & before', '* 所引用的名称之前没有用 & 定义'],
  MULTIPLE_DOCS: [
    'The file may hold one document only: remove the line ---',
    '一个文件只能有一份文档：请删除 --- 行',
  ],
  UNEXPECTED_TOKEN: ['Something here does not belong here', '此处有多余的内容'],
  TAG_RESOLVE_FAILED: ['A tag (!…) is not known here: remove it', '不认识的标签（!…）：请删除'],
}

/** In both languages; what is not in the table keeps the parser's own English sentence. */
export function explainYaml(error: YAMLError): { message: string; messageZh: string } {
  const [en, zh] = isOpenBracket(error)
    ? openBracket
    : (sentences[error.code] ?? [firstLine(error.message), 'YAML 语法错误'])
  return { message: `Not valid YAML: ${en}`, messageZh: `YAML 语法错误：${zh}` }
}

const openBracket: Sentence = [
  'A [ or { before is not closed by ] or }, or what is in it is not indented',
  '之前的 [ 或 { 没有用 ] 或 } 结束，或其中的内容没有缩进',
]

/** The parser calls it a wrong indentation too: it has gone on to the next line. */
const isOpenBracket = ({ code, message }: YAMLError): boolean =>
  code === 'BAD_INDENT' && message.startsWith('Flow ')

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? text
