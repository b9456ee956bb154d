import type { UserData } from '@segue/contact'

/** User data with members put over the old ones. */
export function putUserData(userData: UserData, put: UserData): UserData {
  return { ...userData, ...put }
}

/** User data without the members that the paths name; a path that leads nowhere changes nothing. */
export function removeUserData(userData: UserData, paths: readonly (readonly string[])[]): UserData {
  return paths.reduce((left, path) => removePath(left, path), userData)
}

function removePath(userData: UserData, path: readonly string[]): UserData {
  const [name, ...rest] = path
  if (name === undefined || !Object.hasOwn(userData, name)) return userData
  const entries = Object.entries(userData)
  if (rest.length === 0) return Object.fromEntries(entries.filter(([key]) => key !== name))
  return Object.fromEntries(
    entries.map(([key, value]) => [key, key === name && typeof value === 'object' ? removePath(value, rest) : value]),
  )
}
