/** Namespace of SCXML elements. */
export const scxmlNamespace = 'http://www.w3.org/2005/07/scxml'

/** Namespace of `xi:include`. */
export const xincludeNamespace = 'http://www.w3.org/2001/XInclude'
