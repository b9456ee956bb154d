// A script library of a given size, as libraries of real applications are: functions that call each other, tables.

/** @param {{ sizeBytes: number, functions: number }} options @returns {string} */
export function generatedLibrary({ sizeBytes, functions }) {
  const parts = []
  const each = Math.floor(sizeBytes / functions)
  for (let index = 0; index < functions; index += 1) parts.push(functionOf(index, each))
  return parts.join('\n')
}

function functionOf(index, sizeBytes) {
  const lines = [`function library${index}(value, options) {`, `  var total = value | 0, text = '';`]
  const last = index < 3 ? '  return total + text.length;' : `  return total + text.length + library${index % 3}(0);`
  const end = last.length + 3
  let size = lines.join('\n').length + end
  for (let line = 0; size < sizeBytes - 25; line += 1) {
    const written = bodyLine(index, line)
    lines.push(written)
    size += written.length + 1
  }
  return `${[...lines, last].join('\n')}\n}`
}

function bodyLine(index, line) {
  switch (line % 3) {
    case 0:
      return `  if (total > ${index + line}) { total -= ${line + 1}; } else { total += 2; }`
    case 1:
      return `  text = text.length > 40 ? 'k${line}' : text + 'v${index}';`
    default:
      return `  for (var i${line} = 0; i${line} < 2; i${line} += 1) { total += i${line}; }`
  }
}

/** A function of 200 lines that does arithmetic, comparisons, text and a few loops. */
export function longFunction(name) {
  const lines = []
  for (let line = 0; line < 196; line += 1) {
    const choice = line % 7
    if (choice === 0) lines.push(`  if (total % ${line + 2} === 1) total += ${line};`)
    else if (choice === 3) lines.push(`  for (var i${line} = 0; i${line} < 3; i${line} += 1) total += i${line};`)
    else if (choice === 5) lines.push(`  if (text.length > 30) text = ''; text = text + '${line}';`)
    else lines.push(`  total = (total * 3 + ${line}) % 100003;`)
  }
  return `function ${name}(value) {\n  var total = value, text = '';\n${lines.join('\n')}\n  return total + text.length;\n}`
}

/** Text as it stands in an SCXML document. */
export function xmlText(text) {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
}
