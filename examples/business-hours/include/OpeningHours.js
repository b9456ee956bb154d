// SPDX-License-Identifier: Apache-2.0
/* OpeningHours.js - opening hours come from the list FERRY_DESKS, one item a desk. */

function hoursOf(desk) {
	var item;
	try {
		item = _genesys.session.getListItemValue('FERRY_DESKS', desk, '');
	} catch (e) {
		__Log('no opening hours for desk ' + desk + ': ' + e.message, '', 2);
		item = new Object();
	}
	return {
		zone: item['zone'] || 'CET',
		days: item['days'] || '12345',
		open: item['open'] || '08:00:00',
		close: item['close'] || '18:00:00',
		sharesTimeout: item['shares-timeout'] || '15',
		everybodyTimeout: item['everybody-timeout'] || '60'
	};
}

/* Sunday is 0; times are compared as text. */
function isOpen(hours) {
	var day = _genesys.session.dayInZone(hours.zone);
	var time = _genesys.session.timeInZone(hours.zone);
	return hours.days.indexOf(String(day)) >= 0 && time >= hours.open && time < hours.close;
}

/* A table that is not configured has no special days. */
function holidayNow(table, zone) {
	try {
		return _genesys.session.isSpecialDay(table, '', zone, false) ? true : false;
	} catch (e) {
		return false;
	}
}
