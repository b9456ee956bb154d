// SPDX-License-Identifier: Apache-2.0
/* Frame.js - functions that every interaction process page needs. */

/* Root of the project, with the final slash: the folder above the first page. */
function projectUrl() {
	var url = __GetDocumentURL();
	var folder = url.substring(0, url.lastIndexOf('/'));
	return folder.substring(0, folder.lastIndexOf('/') + 1);
}

/* The application region notes each event that no block takes … */
function keepLeft(ev) {
	_data.system.context.left.push(ev);
}

/* … and the handler region, which runs second, asks whether a block took it. */
function wasTaken() {
	return _data.system.context.left.indexOf(_event) < 0;
}

function adoptInteraction(ctx) {
	ctx.InteractionID = ctx.StartEvent.data.interactionid;
	ctx.ThisDN = ctx.StartEvent.data.focusdeviceid;
	readInteraction(ctx);
}

function readInteraction(ctx) {
	var ixn = _genesys.ixn.interactions[ctx.InteractionID];
	if (typeof ixn == 'undefined' || ixn == null) {
		return;
	}
	if (typeof ixn.voice != 'undefined') {
		ctx.ANI = ixn.voice.ani;
		ctx.DNIS = ixn.voice.dnis;
	}
}

function noteTarget(ev) {
	_data.system.context.TargetChosen = ev.data.targetselected;
	__Log('target ' + ev.data.targetobjectselected + ' -> ' + ev.data.targetcomponentselected, '', 1);
}

function noteFailure(ev) {
	_data.system.context.FailedText = ev.name + ': ' + (ev.data ? ev.data.description : '');
	__Log('failed ' + _data.system.context.FailedText, '', 2);
}

/* Number for a numeric attribute. A missing value stays missing. */
function toNumber(value) {
	if (typeof value == 'undefined' || value == null || value === '') {
		return undefined;
	}
	if (isNaN(value)) {
		throw new Error('not a number: ' + value);
	}
	return Number(value);
}
