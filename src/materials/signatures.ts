// What the first bytes of each kind of file look like. A table only: add a row and detection, refusal and the
// comparison with the declared type all know it.

export interface Signature {
  mediaType: string
  /** Latin-1 text; `?` stands for any byte. */
  magic: string
  /** Where the magic stands. Default 0. */
  at?: number
}

export const signatures: readonly Signature[] = [
  { mediaType: 'application/pdf', magic: '%PDF-' },
  { mediaType: 'image/jpeg', magic: '\xff\xd8\xff' },
  { mediaType: 'image/png', magic: '\x89PNG\r\n\x1a\n' },
  { mediaType: 'image/gif', magic: 'GIF87a' },
  { mediaType: 'image/gif', magic: 'GIF89a' },
  { mediaType: 'image/tiff', magic: 'II*\0' },
  { mediaType: 'image/tiff', magic: 'MM\0*' },
  { mediaType: 'image/bmp', magic: 'BM????\0\0\0\0' },
  { mediaType: 'image/webp', magic: 'RIFF????WEBP' },
  { mediaType: 'image/heic', magic: 'ftyphe', at: 4 },
  { mediaType: 'image/heic', magic: 'ftypmif1', at: 4 },
  { mediaType: 'video/mp4', magic: 'ftyp', at: 4 },
  { mediaType: 'application/zip', magic: 'PK\x03\x04' },
  { mediaType: 'application/zip', magic: 'PK\x05\x06' },
  { mediaType: 'application/x-ole-storage', magic: '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' },
  { mediaType: 'application/rtf', magic: '{\\rtf' },
  { mediaType: 'application/x-7z-compressed', magic: '7z\xbc\xaf\x27\x1c' },
  { mediaType: 'application/vnd.rar', magic: 'Rar!\x1a\x07' },
  { mediaType: 'application/gzip', magic: '\x1f\x8b\x08' },
  { mediaType: 'application/x-msdownload', magic: 'MZ' },
  { mediaType: 'application/x-executable', magic: '\x7fELF' },
  { mediaType: 'application/x-executable', magic: '\xcf\xfa\xed\xfe' },
  { mediaType: 'application/x-executable', magic: '\xce\xfa\xed\xfe' },
  { mediaType: 'application/x-executable', magic: '\xca\xfe\xba\xbe' },
  { mediaType: 'application/x-executable', magic: '\0asm' },
  { mediaType: 'application/x-executable', magic: 'dex\n' },
  { mediaType: 'application/x-ms-shortcut', magic: 'L\0\0\0\x01\x14\x02\0' },
  { mediaType: 'application/x-sh', magic: '#!' },
]

/** Marks at or near the start of a text, lower case, that make a browser run or show it. */
export const activeText: readonly { mediaType: string; mark: string }[] = [
  { mediaType: 'text/html', mark: '<!doctype html' },
  { mediaType: 'text/html', mark: '<html' },
  { mediaType: 'text/html', mark: '<head' },
  { mediaType: 'text/html', mark: '<body' },
  { mediaType: 'text/html', mark: '<script' },
  { mediaType: 'text/html', mark: '<iframe' },
  { mediaType: 'image/svg+xml', mark: '<svg' },
  { mediaType: 'application/x-php', mark: '<?php' },
]

/** Names inside a zip that tell what it is. `refused` types are here too. */
export const zipEntries: readonly { mediaType: string; entry: RegExp }[] = [
  { mediaType: 'application/ofd', entry: /^OFD\.xml$/i },
  { mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', entry: /^word\// },
  { mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', entry: /^xl\// },
  { mediaType: 'application/vnd.openxmlformats-officedocument.presentationml.presentation', entry: /^ppt\// },
  { mediaType: 'application/vnd.android.package-archive', entry: /^AndroidManifest\.xml$/ },
  { mediaType: 'application/java-archive', entry: /^META-INF\/MANIFEST\.MF$/ },
]

/** Never taken, whatever is declared: programs, and what a browser would run. */
export const refusedTypes: ReadonlySet<string> = new Set([
  'application/x-msdownload',
  'application/x-executable',
  'application/x-ms-shortcut',
  'application/x-sh',
  'application/x-php',
  'application/java-archive',
  'application/vnd.android.package-archive',
  'application/javascript',
  'application/xhtml+xml',
  'text/html',
  'text/javascript',
  'image/svg+xml',
])
