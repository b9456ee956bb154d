// SPDX-License-Identifier: Apache-2.0
/* Claims.js - what the claims line knows of customers and claims. Included last, so that its functions win. */

/*
 * Texts.js declares this function, too. Functions of libraries are global, and the one that is included last is the one
 * that everybody calls, also the code of Texts.js itself. This one gives '' for what is missing, so that it is sent as an
 * empty text. The survey application does not include Claims.js and calls the other one.
 */
function valueAt(object, path) {
	var names = path.split('.');
	var value = object;
	for (var i = 0; i < names.length && !isBlank(value); i++) {
		value = value[names[i]];
	}
	return isBlank(value) ? '' : value;
}

/* Errors: throws when the answer of the customer service is not usable; the block that calls takes it as error event. */
function customerFrom(text) {
	var answer = JSON.parse(text);
	if (isBlank(valueAt(answer, 'customer.id'))) {
		throw new Error('customer without id');
	}
	return {
		id: answer.customer.id,
		name: valueAt(answer, 'customer.name'),
		segment: valueAt(answer, 'customer.segment') || 'standard',
		token: valueAt(answer, 'token')
	};
}

/* The newest open claim and how many there are. Errors: throws when the answer has no list. */
function claimsFrom(text) {
	var claims = JSON.parse(text).claims;
	if (!Array.isArray(claims)) {
		throw new Error('no list of claims');
	}
	return { open: claims.length, newest: claims.length > 0 ? valueAt(claims[0], 'number') : '' };
}

/* For callers of whom nothing is known, or not all. */
function unknownCustomer() {
	return { id: 'unknown', name: '', segment: 'standard', token: '' };
}

/* User data of the call that agents see. */
function profileData(customer, claims) {
	return { tm_customer: customer.id, tm_name: customer.name, tm_segment: customer.segment, tm_claim: claims.newest };
}

/* The parts of user data that an interaction does not have yet. Errors: throws for values that user data cannot hold. */
function changesOf(data, interactionId) {
	var changes = new Object();
	var udata = _genesys.ixn.interactions[interactionId].udata;
	for (var key in data) {
		if (typeof data[key] != 'string' && typeof data[key] != 'number') {
			throw new Error('user data "' + key + '" is neither text nor number');
		}
		if (udata[key] != data[key]) {
			changes[key] = data[key];
		}
	}
	return changes;
}

function hasMembers(object) {
	for (var key in object) {
		return true;
	}
	return false;
}

/* The changes have arrived: the call's user data reads as wanted. */
function isAttached(changes, interactionId) {
	var ixn = _genesys.ixn.interactions[interactionId];
	for (var key in changes) {
		if (!ixn || ixn.udata[key] != changes[key]) {
			return false;
		}
	}
	return true;
}

/* Body of the contact note: what became of the call. */
function contactNote(outcome, customer, claims) {
	var ctx = _data.system.context;
	return {
		outcome: outcome,
		block: ctx.block,
		caller: ctx.ANI,
		customer: customer.id,
		claim: claims.newest,
		agent: valueAt(ctx, 'agent'),
		failure: valueAt(ctx, 'failure')
	};
}
