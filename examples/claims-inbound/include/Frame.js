// SPDX-License-Identifier: Apache-2.0
/* Frame.js - what the first page of every interaction process needs. */

/* Address of the folder above the first page, with a slash at its end. */
function projectUrl() {
	var parts = __GetDocumentURL().split('/');
	return parts.slice(0, parts.length - 2).join('/') + '/';
}

/* What the first interaction of the session brings. It has no voice part when it is no call. */
function adopt(ctx, ev) {
	var ixn = _genesys.ixn.interactions[ev.data.interactionid];
	ctx.SessionID = _sessionid;
	ctx.InteractionID = ev.data.interactionid;
	ctx.ThisDN = ev.data.focusdeviceid;
	ctx.ANI = ixn && ixn.voice ? ixn.voice.ani : '';
	ctx.DNIS = ixn && ixn.voice ? ixn.voice.dnis : '';
}

/*
 * Both regions of the first page see every event. The region of the application runs first and notes what no block has
 * taken; the region of the frame asks afterwards. An event is the same object in both of them.
 */
function leave(ev) {
	_data.system.context.left.push(ev);
}
function wasTaken() {
	return _data.system.context.left.indexOf(_event) < 0;
}

/* A block begins: its name is for the log, and for the note about a caller who hangs up in it. */
function block(name) {
	_data.system.context.block = name;
	__Log('block ' + name, '', 1);
}

/* What went wrong last, in words. */
function failed(ev) {
	var ctx = _data.system.context;
	ctx.failure = ev.name + (ev.data && ev.data.error ? ' (' + ev.data.error + ')' : '');
	__Log('failed in ' + ctx.block + ': ' + ctx.failure + ' ' + (ev.data && ev.data.description ? ev.data.description : ''), '', 2);
}

/* The interaction has ended. One that was given away, to a telephone or another session, is deleted here as well. */
function isHangUp(ev) {
	return ev.data.interactionid == _data.system.context.InteractionID && (!ev.data.resultof || ev.data.resultof == 'deletion');
}
