from acme_core.schemas import ResponseBody


class WebhookReceived(ResponseBody):
    received: bool = True
