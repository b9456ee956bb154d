import { contentText } from './content.ts'
import { coreText } from './core.ts'
import { dynamicCodeText } from './dynamic-code.ts'
import { engineText } from './engine.ts'
import { hardenText } from './harden.ts'
import { programText } from './program.ts'
import { savingText } from './saving.ts'
import { toSourceText } from './to-source.ts'

/**
 * The prelude: one function expression `(outer, settings) => …`, evaluated in the realm of a program. It makes every
 * object that customers' scripts see. `outer` holds functions of the host; scripts never get hold of them.
 */
export const preludeText = [
  "(function (outer, settings) {\n'use strict'",
  coreText,
  toSourceText,
  engineText,
  dynamicCodeText,
  contentText,
  hardenText,
  savingText,
  programText,
  '})',
].join('\n')
