// What goes wrong with files and connections, named by what happens next. Paths and the peer's own words stay out of
// the summaries: names may hold numbers of persons. Everything here is before the moment of responsibility, so `sent`
// is false; deposit.ts alone turns a lost commit into 'uncertain'.

import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { LOST } from './drop.ts'

const sentences: Readonly<Record<string, string>> = {
  ENOSPC: '磁盘已满 (the disk is full)',
  EDQUOT: '磁盘配额已用完 (the disk quota is used up)',
  EROFS: '文件系统只读 (the file system is read-only)',
  EACCES: '没有权限 (permission denied)',
  EPERM: '没有权限 (permission denied)',
  ENOENT: '目录不存在或未挂载 (the directory is not there, or not mounted)',
  ENOTDIR: '目录不存在或未挂载 (the directory is not there, or not mounted)',
  ESTALE: '网络盘已断开 (the network drive is gone)',
  EIO: '读写出错 (input/output error)',
  ENAMETOOLONG: '文件名过长 (the file name is too long)',
  EFBIG: '文件过大 (the file is too large for this place)',
  ELOOP: '是链接而不是文件 (a link, not a file)',
  SSH_2: '目录或文件不存在 (no such directory or file)',
  SSH_3: '没有权限 (permission denied)',
  SSH_4: '服务器报告失败，可能磁盘已满 (the server reported a failure, perhaps a full disk)',
  SSH_8: '服务器不支持此操作 (the server does not support this operation)',
  SSH_14: '磁盘已满 (the disk is full)',
  SSH_15: '磁盘配额已用完 (the disk quota is used up)',
}

const ofTheFile = new Set(['ENAMETOOLONG', 'EFBIG', 'ELOOP'])

/**
 * @param doing what was tried, in both languages
 * @param code errno of node:fs, or `SSH_` and the SFTP status
 */
export function fileFault(doing: string, code: string, cause: unknown): AdapterFailure {
  const sentence = sentences[code] ?? '失败 (failed)'
  const kind = ofTheFile.has(code) ? 'rejected' : 'unavailable'
  return new AdapterFailure(kind, `${doing}: ${sentence} ${code}`, { sent: false, code, cause })
}

export function lost(doing: string, cause?: unknown): AdapterFailure {
  return new AdapterFailure(
    'unavailable',
    `${doing}: 连接中断或无应答 (the connection was lost or is silent)`,
    {
      sent: false,
      code: LOST,
      cause,
    },
  )
}

export function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown }
  if (typeof code === 'number') return `SSH_${code}`
  return typeof code === 'string' ? code : 'UNKNOWN'
}

export function unrecognised(sentence: string, code?: string): AdapterFailure {
  return new AdapterFailure('unrecognised', sentence, code === undefined ? {} : { code: code.slice(0, 32) })
}
