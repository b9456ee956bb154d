// SPDX-License-Identifier: Apache-2.0
/* Texts.js - small helpers for texts, numbers and objects. Both applications include it. */

function isBlank(value) {
	return typeof value == 'undefined' || value == null || value === '';
}

/* Number for a numeric attribute. A missing value stays missing: such an attribute counts as absent. */
function toNumber(value) {
	if (isBlank(value)) {
		return undefined;
	}
	if (isNaN(value)) {
		throw new Error('"' + value + '" is no number');
	}
	return Number(value);
}

/* Member of an object by its path, such as 'customer.name'; undefined when it is missing. */
function valueAt(object, path) {
	var names = path.split('.');
	var value = object;
	for (var i = 0; i < names.length && !isBlank(value); i++) {
		value = value[names[i]];
	}
	return isBlank(value) ? undefined : value;
}

/* User data of an interaction; undefined when the key or the interaction is missing. */
function userData(key, interactionId) {
	var ixn = _genesys.ixn.interactions[interactionId];
	return ixn ? valueAt(ixn, 'udata.' + key) : undefined;
}
