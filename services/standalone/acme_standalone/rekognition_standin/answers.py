import json
from collections.abc import Mapping

from starlette.responses import Response

CONTENT_TYPE = "application/x-amz-json-1.1"


def answer(body: Mapping[str, object], request_id: str, *, status: int = 200) -> Response:
    headers = {"x-amzn-RequestId": request_id}
    return Response(json.dumps(body), status, headers, CONTENT_TYPE)
