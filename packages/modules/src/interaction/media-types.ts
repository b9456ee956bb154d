/**
 * `_genesys.ixn.mediaType`. Numbers after 17 are not documented; both documented spellings of two names are members.
 * Spec: interaction-model §8.1.
 */
export const mediaTypes: Readonly<Record<string, number>> = {
  TMediaAny: -1,
  TMediaVoice: 0,
  TMediaVoIP: 1,
  TMediaEMail: 2,
  TMediaVMail: 3,
  TMediaSMail: 4,
  TMediaChat: 5,
  TMediaVideo: 6,
  TMediaCobrowsing: 7,
  TMediaCoBrowsing: 7,
  TMediaWhiteboard: 8,
  TMediaAppSharing: 9,
  TMediaWebform: 10,
  TMediaWebForm: 10,
  TMediaWorkItem: 11,
  TMediaCallback: 12,
  TMediaFax: 13,
  TMediaIMChat: 14,
  TMediaBusinessEvent: 15,
  TMediaAlert: 16,
  TMediaSMS: 17,
  TMediaOutboundPreview: 18,
  TMediaOpenMedia: 19,
  TMediaNativeSMS: 20,
}
