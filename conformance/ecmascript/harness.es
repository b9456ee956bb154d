function assert(claim, message) {
  if (claim !== true) throw new Error(message || 'not true: ' + claim)
}
assert.show = function (value) {
  return value === 0 && 1 / value < 0 ? '-0' : typeof value + ' ' + String(value)
}
assert.same = function (a, b) {
  return a === b ? a !== 0 || 1 / a === 1 / b : a !== a && b !== b
}
assert.sameValue = function (actual, expected) {
  if (!assert.same(actual, expected))
    throw new Error('expected ' + assert.show(expected) + ', got ' + assert.show(actual))
}
assert.list = function (actual, expected) {
  assert.sameValue(actual.length, expected.length)
  for (var i = 0; i < expected.length; i++) {
    if (!assert.same(actual[i], expected[i]))
      throw new Error('item ' + i + ': expected ' + assert.show(expected[i]) + ', got ' + assert.show(actual[i]))
  }
}
assert.throws = function (kind, work) {
  try {
    work()
  } catch (error) {
    if (typeof error === 'object' && error !== null && error.constructor === kind) return
    throw new Error('expected ' + kind.name + ', got ' + String(error))
  }
  throw new Error('expected ' + kind.name + ', nothing was thrown')
}
