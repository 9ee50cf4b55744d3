// Files as one attempt may open them. What it opened ends with it, read or not: a stream that nobody reads to
// its end would keep its file open until the collector finds it. And what it reads is proved.

import type { Readable } from 'node:stream'
import type { Attempt } from '../adapter-kit/contract.ts'
import { proved } from '../materials/proved.ts'

interface LentFiles {
  files: Attempt['files']
  /** Ends what is still open, and whatever is opened afterwards. */
  takeBack(): void
}

export function lendFiles(files: Attempt['files']): LentFiles {
  const open: Readable[] = []
  let over = false
  return {
    files: {
      link: files.link,
      store: files.store,
      async open(sha256) {
        const stream = await files.open(sha256)
        if (over) stream.destroy()
        else open.push(stream)
        return proved(stream, sha256)
      },
    },
    takeBack() {
      over = true
      for (const stream of open) stream.destroy()
    },
  }
}
