from acme_core.errors import Unavailable


class EventsDown(Unavailable):
    code = "events_unavailable"
    title = "Live events are not available; read the state as it is"
