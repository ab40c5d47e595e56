from acme_core.errors import Conflict, NotFound


class WebhookEndpointNotFound(NotFound):
    code = "webhook_endpoint_not_found"
    title = "There is no such webhook endpoint"


class WebhookDeliveryNotFound(NotFound):
    code = "webhook_delivery_not_found"
    title = "There is no such delivery; the log is kept for a while only"


class WebhookEndpointDisabled(Conflict):
    code = "webhook_endpoint_disabled"
    title = "The endpoint is turned off; turn it on first"


class TooManyWebhookEndpoints(Conflict):
    code = "too_many_webhook_endpoints"
    title = "There are as many webhook endpoints as an operator may have"
