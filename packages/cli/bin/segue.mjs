#!/usr/bin/env node
// Stands here so that the command can be linked before `dist/` is built.
await import('../dist/segue.js')
