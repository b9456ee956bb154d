/** Something that only a module of the host holds. */
export const marker = { secret: 'M-64d8c2f0-module' }
