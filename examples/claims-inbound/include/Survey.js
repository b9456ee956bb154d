// SPDX-License-Identifier: Apache-2.0
/* Survey.js - what the survey application does besides asking. */

/* 1 to 5 are marks; everything else is asked again. */
function isMark(digits) {
	return digits.length == 1 && '12345'.indexOf(digits) >= 0;
}

/*
 * Body of the survey's answer. The customer is left out when nobody knows him: `valueAt` of Texts.js gives undefined, and
 * JSON has no place for that.
 */
function answerOf(mark, interactionId) {
	return { mark: Number(mark), customer: userData('tm_customer', interactionId), claim: userData('tm_claim', interactionId) };
}
