/** Where a look-up of options starts. Spec: session-and-web §3.3. */
export const lookupSequence = {
  StartFromStrategy: -1,
  StartFromCDN: 0,
  StartFromTserver: 1,
  StartFromTenant: 2,
  StartFromRouter: 3,
} as const

/** Days of the week as `dayInZone` numbers them. Spec: session-and-web §3.4. */
export const days = {
  Sunday: 0,
  Monday: 1,
  Tuesday: 2,
  Wednesday: 3,
  Thursday: 4,
  Friday: 5,
  Saturday: 6,
} as const
