// SPDX-License-Identifier: Apache-2.0
/* Settings.js - what operators may change without touching the application: the lists TM_SETTINGS and TM_DESKS. */

/* For every key that a list does not have. Keys without a default have to be in the list. */
const DEFAULTS = {
	api: 'http://claims.thistledown.example',
	api_key: '',
	voice: '',
	attach_wait: '5',
	again_after: '1',
	rounds: '2',
	priority_step: '10',
	survey: '4690',
	branch: '08005550100'
};

/* All settings of a line. Errors: throws when the list has no such line. */
function settingsOf(line) {
	return withDefaults(_genesys.session.getListItemValue('TM_SETTINGS', line));
}

function withDefaults(item) {
	var settings = new Object();
	for (var key in DEFAULTS) {
		settings[key] = isBlank(item[key]) ? DEFAULTS[key] : item[key];
	}
	if (settings.voice == '') {
		settings.voice = projectUrl() + 'voice/';
	}
	return settings;
}

/* Desk for a kind of claim; the item "standard" stands in for a kind that the list does not know. Errors: throws without a list. */
function deskOf(list, kind) {
	try {
		return _genesys.session.getListItemValue(list, kind);
	} catch (e) {
		__Log('no desk for "' + kind + '", the standard one', '', 1);
		return _genesys.session.getListItemValue(list, 'standard');
	}
}
