// The CloudEvents `source` of everything we tell, where a system's settings name no other: receivers know a
// repeated event by source and id, so whatever tells it must say the same.

export const EVENT_SOURCE = '/tongban'
