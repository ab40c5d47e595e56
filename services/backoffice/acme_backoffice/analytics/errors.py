from acme_core.errors import Invalid


class PeriodEndsBeforeStart(Invalid):
    code = "period_ends_before_start"
    title = "The period ends before it starts"


class PeriodTooLong(Invalid):
    code = "period_too_long"
    title = "The period has too many intervals; ask for longer ones"
